/**
 * Authenticates requests: who sent one, what the caller may do, and with which Portkey keys.
 * It checks no Host or Origin and counts nothing; the app does.
 */
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { PolicySubject } from "../../catalog/policy.ts";
import { ruleFor } from "../policy/policy-file.ts";
import { readRules } from "../policy/rules.ts";
import type { AuthOptions } from "./auth-options.ts";
import { createCallers, type RecognisedCaller } from "./callers.ts";
import { createIdentify } from "./identify.ts";
import { principalOf, type HttpCaller, type Principal } from "./principal.ts";
import { HttpRefusal } from "./refusal.ts";
import { registerResourceMetadata } from "./resource.ts";
import { createScopeRefusals, type ScopedCaller } from "./scope-refusals.ts";
import { portkeyScopes } from "./scopes.ts";

export interface Auth {
  /**
   * Throws HttpRefusal with the status, headers and message to answer with: 400, 401, 403, or 503 while tokens cannot
   * be verified.
   */
  authenticate(request: FastifyRequest): Promise<HttpCaller>;
  /** Only who sent the request, for endpoints other than MCP's. Throws like `authenticate`. */
  identify(request: FastifyRequest): Promise<Principal>;
  /**
   * Throws HttpRefusal 403 `insufficient_scope` where only the token's scopes keep a caller of `authenticate` from
   * these tools.
   */
  requireScopes(caller: ScopedCaller, records: readonly PolicySubject[], request: FastifyRequest): void;
  /** Serves the metadata of RFC 9728. */
  registerMetadata(app: FastifyInstance): void;
  /** The scopes that clients are told to ask the issuer for. */
  readonly scopes: readonly string[];
}

/** Throws CONFIG where the policy file or the map of scopes has mistakes. */
export function createAuth(options: AuthOptions): Auth {
  const { config, records } = options;
  const rules = readRules(options);
  const refusals = createScopeRefusals(config, records, rules);
  const identify = createIdentify(options, rules.loginScopes);
  const makeCaller = createCallers(options, rules);

  async function recognise(request: FastifyRequest): Promise<RecognisedCaller> {
    const principal = principalOf(rules.names.grant(await identify(request)));
    const rule = rules.file === null ? undefined : ruleFor(rules.file, principal);
    if (rules.file !== null && rule === undefined) throw noRuleRefusal(principal);
    if (rules.scopeUse === "require" && portkeyScopes(principal.scopes).length === 0) throw refusals.noScopes(request);
    return { principal, rule };
  }

  return {
    authenticate: async (request) => makeCaller(await recognise(request), request),
    identify: async (request) => (await recognise(request)).principal,
    requireScopes: (caller, tools, request) => refusals.requireScopes(caller, tools, request),
    registerMetadata: (app) => registerResourceMetadata(app, config, rules.loginScopes),
    scopes: rules.loginScopes,
  };
}

function noRuleRefusal({ id }: Principal): HttpRefusal {
  const why = `No rule of the policy file fits ${id}, so that it may do nothing here.`;
  return new HttpRefusal(403, why, {}, { reason: "no_rule" });
}
