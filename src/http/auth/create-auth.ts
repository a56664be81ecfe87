/**
 * From a request to its caller: who it is, what it may do, with which Portkey keys. Built once per process.
 *
 * The policy is narrowed in this order: the server's settings, the policy file's rule, the token's scopes, the
 * request's own wish. It performs no Host or Origin check and counts nothing: that is the app's.
 */
import type { FastifyInstance, FastifyRequest } from "fastify";
import { keepRecent } from "../../catalog/keep-recent.ts";
import { narrowPolicy } from "../../catalog/narrow.ts";
import type { Policy, PolicySubject } from "../../catalog/policy.ts";
import type { Caller } from "../../mcp/registry.ts";
import type { Credentials } from "../../portkey/port.ts";
import { addressOf } from "../limits/client-address.ts";
import { callerCredentials, createFingerprints } from "../policy/credentials.ts";
import { readPolicyFile, ruleFor, type PolicyRule } from "../policy/policy-file.ts";
import type { AuthOptions } from "./auth-options.ts";
import { createIdentify } from "./identify.ts";
import { headerValues } from "./presented-token.ts";
import { principalOf, type HttpCaller, type Principal } from "./principal.ts";
import { bearerRefusal, HttpRefusal } from "./refusal.ts";
import { createRequestNarrowing } from "./request-narrowing.ts";
import { registerResourceMetadata, resourceOf } from "./resource.ts";
import { baseScopes, missingScopes, portkeyScopes, scopeNarrowing } from "./scopes.ts";

/** As much of an HttpCaller as its scopes take; any other caller has none to lack. */
type Scoped = Caller & Partial<Pick<HttpCaller, "identity" | "beforeScopes">>;

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

/** Throws CONFIG where the policy file has mistakes. */
export function createAuth(options: AuthOptions): Auth {
  const { config, records, readSecret } = options;
  const oauth = config.auth.mode === "jwt" || config.auth.mode === "clerk";
  const file =
    config.policyFile === null
      ? null
      : readPolicyFile(config.policyFile, {
          policy: options.policy,
          records,
          readSecret,
          credentials: config.credentials,
        });
  const scopeUse = oauth ? (file?.scopes ?? "require") : "ignore";
  const scopes = !oauth ? [] : (file?.challengeScopes ?? (scopeUse === "ignore" ? [] : baseScopes(options.policy)));
  const kept = keepRecent<Policy>();
  const narrowingOf = createRequestNarrowing(records);
  const bearerOf = createIdentify(options, scopes);
  const fingerprints = createFingerprints(config, options.credentials);

  function credentialsOf(request: FastifyRequest, rule: PolicyRule | undefined): Credentials {
    if (config.credentials === "caller") return callerCredentials(request);
    return config.credentials === "policy" ? (rule?.credentials ?? {}) : options.credentials;
  }

  function nothingGranted(request: FastifyRequest): HttpRefusal {
    return bearerRefusal(`The token carries no scope of this server. Ask its issuer for: ${scopes.join(" ")}.`, {
      error: "insufficient_scope",
      description: `Needs ${scopes.join(" or ")}.`,
      resourceMetadata: resourceOf(config, request).metadata,
      scope: scopes,
    });
  }

  async function recognise(request: FastifyRequest): Promise<{ principal: Principal; rule: PolicyRule | undefined }> {
    const principal = principalOf(await bearerOf(request));
    const rule = file === null ? undefined : ruleFor(file, principal);
    if (file !== null && rule === undefined)
      throw new HttpRefusal(403, `No rule of the policy file fits ${principal.id}, so that it may do nothing here.`);
    if (scopeUse === "require" && portkeyScopes(principal.scopes).length === 0) throw nothingGranted(request);
    return { principal, rule };
  }

  async function authenticate(request: FastifyRequest): Promise<HttpCaller> {
    const { principal, rule } = await recognise(request);
    const credentials = credentialsOf(request, rule);
    const identity =
      principal.kind === "anonymous" && config.credentials === "caller"
        ? principalOf({ ...principal, kind: "key", subject: fingerprints.keyNameOf(credentials) })
        : principal;
    const granted = rule?.policy ?? options.policy;
    const held = portkeyScopes(identity.scopes);
    const limited = scopeUse === "require" || (scopeUse === "narrow" && held.length > 0);
    const scoped = limited
      ? kept(`${granted.key} ${held.join(" ")}`, () => narrowPolicy(granted, scopeNarrowing(held)))
      : granted;
    return {
      principal: identity.id,
      identity,
      policy: narrowPolicy(scoped, narrowingOf(request)),
      credentials,
      binding: fingerprints.bindingOf(identity, credentials),
      about: aboutOf(identity, request),
      ...quotaOf(principal, request),
      ...(limited && { beforeScopes: granted }),
    };
  }

  function requireScopes(
    { beforeScopes, identity }: Scoped,
    wanted: readonly PolicySubject[],
    request: FastifyRequest,
  ): void {
    if (beforeScopes === undefined || identity === undefined) return;
    const missing = [
      ...new Set(
        wanted.flatMap((record) => missingScopes(beforeScopes, identity.scopes, [record, ...callsOf(record, records)])),
      ),
    ];
    if (missing.length === 0) return;
    const { metadata } = resourceOf(config, request);
    throw bearerRefusal(
      `The token lacks the scope ${missing.join(" and ")} for ${wanted.map(({ name }) => name).join(", ")}.`,
      {
        error: "insufficient_scope",
        description: `Needs ${missing.join(" ")}.`,
        resourceMetadata: metadata,
        scope: stepUp(identity, missing),
      },
    );
  }

  return {
    authenticate,
    identify: async (request) => (await recognise(request)).principal,
    requireScopes,
    registerMetadata: (app) => registerResourceMetadata(app, config, scopes),
    scopes,
  };
}

function callsOf({ calls = [] }: PolicySubject, records: readonly PolicySubject[]): PolicySubject[] {
  return records.filter(({ name }) => calls.includes(name));
}

/** Limits are shared over Redis, by instances that may trust different issuers. */
function quotaOf({ kind, issuer, id }: Principal, request: FastifyRequest): Pick<Caller, "quota"> {
  // A name that anybody can give itself shares its limits with all who come from the same address.
  if (kind === "anonymous") return { quota: `address ${addressOf(request)}` };
  return issuer === undefined ? {} : { quota: `${id} of ${issuer}` };
}

/** For audit lines. A session's id opens nothing without its principal, but a log is no place for all of it. */
function aboutOf({ client, organisation }: Principal, request: FastifyRequest): Readonly<Record<string, string>> {
  const [session] = headerValues(request, "mcp-session-id");
  return {
    ...(client !== null && { client }),
    ...(organisation !== null && { organisation }),
    ...(session !== undefined && { session: session.slice(0, 8) }),
  };
}

/** A client replaces its token by one with exactly these scopes: what it has must be among them, or it loses that. */
function stepUp({ scopes }: Principal, missing: readonly string[]): string[] {
  return [...new Set([...portkeyScopes(scopes), ...missing])];
}
