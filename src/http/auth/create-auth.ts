/**
 * From a request to its caller: who it is, what it may do, with which Portkey keys. Built once per process.
 * It performs no Host or Origin check and counts nothing: that is the app's.
 */
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { PolicySubject } from "../../catalog/policy.ts";
import { ruleFor } from "../policy/policy-file.ts";
import { readRules } from "../policy/rules.ts";
import type { AuthOptions } from "./auth-options.ts";
import { createCallers, type Recognised } from "./callers.ts";
import { createIdentify } from "./identify.ts";
import { principalOf, type HttpCaller, type Principal } from "./principal.ts";
import { HttpRefusal } from "./refusal.ts";
import { registerResourceMetadata } from "./resource.ts";
import { createScopeRefusals, type Scoped } from "./scope-refusals.ts";
import { portkeyScopes } from "./scopes.ts";

export interface Auth {
  /**
   * Throws HttpRefusal with the status, challenge and words to answer with: 400, 401, 403, or 503 while no token can be
   * judged.
   */
  authenticate(request: FastifyRequest): Promise<HttpCaller>;
  /** Who sent the request, without keys or requested narrowing; throws like `authenticate`. For what is not MCP. */
  identify(request: FastifyRequest): Promise<Principal>;
  /**
   * Throws HttpRefusal 403 `insufficient_scope` where only the token's scopes keep a caller of `authenticate` from
   * these tools.
   */
  requireScopes(caller: Scoped, records: readonly PolicySubject[], request: FastifyRequest): void;
  /** RFC 9728. */
  registerMetadata(app: FastifyInstance): void;
  /** What a client is told to ask its issuer for. */
  readonly scopes: readonly string[];
}

/** Throws CONFIG where the policy file or the map of scopes has mistakes. */
export function createAuth(options: AuthOptions): Auth {
  const { config, records } = options;
  const rules = readRules(options);
  const refusals = createScopeRefusals(config, records, rules);
  const bearerOf = createIdentify(options, rules.asked);
  const callerOf = createCallers(options, rules);

  async function recognise(request: FastifyRequest): Promise<Recognised> {
    const principal = principalOf(rules.names.grant(await bearerOf(request)));
    const rule = rules.file === null ? undefined : ruleFor(rules.file, principal);
    if (rules.file !== null && rule === undefined) throw noRuleFits(principal);
    if (rules.scopeUse === "require" && portkeyScopes(principal.scopes).length === 0)
      throw refusals.nothingGranted(request);
    return { principal, rule };
  }

  return {
    authenticate: async (request) => callerOf(await recognise(request), request),
    identify: async (request) => (await recognise(request)).principal,
    requireScopes: (caller, wanted, request) => refusals.requireScopes(caller, wanted, request),
    registerMetadata: (app) => registerResourceMetadata(app, config, rules.asked),
    scopes: rules.asked,
  };
}

function noRuleFits({ id }: Principal): HttpRefusal {
  const why = `No rule of the policy file fits ${id}, so that it may do nothing here.`;
  return new HttpRefusal(403, why, {}, { reason: "no_rule" });
}
