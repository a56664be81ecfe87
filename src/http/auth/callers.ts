/**
 * Makes a caller from a principal and its rule: what it may do, and with which Portkey keys.
 *
 * The policy is narrowed in this order: the server's settings, the policy file's rule, the token's scopes, and what the
 * request itself asks for.
 */
import type { FastifyRequest } from "fastify";
import { createRecentCache } from "../../catalog/recent-cache.ts";
import { narrowPolicy } from "../../catalog/policy/narrow.ts";
import type { Policy } from "../../catalog/policy.ts";
import type { HttpConfig } from "../../config/http-config.ts";
import type { Caller, CallerFacts } from "../../mcp/registry.ts";
import type { Credentials } from "../../portkey/port.ts";
import { addressOf } from "../limits/client-address.ts";
import { createBindings } from "../policy/bindings.ts";
import { callerCredentials } from "../policy/credentials.ts";
import type { PolicyRule } from "../policy/policy-file.ts";
import type { Rules } from "../policy/rules.ts";
import type { AuthOptions } from "./auth-options.ts";
import { headerValues } from "./presented-token.ts";
import { principalOf, type HttpCaller, type Principal } from "./principal.ts";
import { createRequestNarrowing } from "./request-narrowing.ts";
import { portkeyScopes, scopeNarrowing } from "./scopes.ts";

/** Who sent a request, and the rule of the policy file that applies; undefined where there is no such file. */
export interface RecognisedCaller {
  readonly principal: Principal;
  readonly rule: PolicyRule | undefined;
}

/** Throws HttpRefusal 400 where the request's Portkey key or its requested narrowing is malformed. */
export type MakeCaller = (recognised: RecognisedCaller, request: FastifyRequest) => HttpCaller;

export function createCallers(options: AuthOptions, { scopeUse }: Rules): MakeCaller {
  const { config } = options;
  const scopedPolicies = createRecentCache<Policy>();
  const readNarrowing = createRequestNarrowing(options.records);
  const bindings = options.bindings ?? createBindings(config, options.credentials);

  return ({ principal, rule }, request) => {
    const credentials = credentialsOf(config, options.credentials, rule, request);
    const identity =
      principal.kind === "anonymous" && config.credentials === "caller"
        ? principalOf({ ...principal, kind: "key", subject: bindings.keyNameOf(credentials) })
        : principal;
    const granted = rule?.policy ?? options.policy;
    const scopes = portkeyScopes(identity.scopes);
    const scopesApply = scopeUse === "require" || (scopeUse === "narrow" && scopes.length > 0);
    const scoped = scopesApply
      ? scopedPolicies(`${granted.key} ${scopes.join(" ")}`, () => narrowPolicy(granted, scopeNarrowing(scopes)))
      : granted;
    return {
      principal: identity.id,
      identity,
      policy: narrowPolicy(scoped, readNarrowing(request)),
      credentials,
      binding: bindings.of(identity, credentials, rule),
      about: auditFacts(identity, request),
      ...(rule?.auditArguments && { auditArguments: true }),
      ...quotaOf(principal, request),
      ...(scopesApply && { beforeScopes: granted }),
    };
  };
}

function credentialsOf(
  http: Pick<HttpConfig, "credentials" | "edition" | "sendsTenant">,
  configured: Credentials,
  rule: PolicyRule | undefined,
  request: FastifyRequest,
): Credentials {
  if (http.credentials === "caller") return callerCredentials(request, http);
  return http.credentials === "policy" ? (rule?.credentials ?? {}) : configured;
}

/** Limits are shared over Redis by instances that may trust different issuers: hence the issuer's name in the quota. */
function quotaOf({ kind, issuer, id }: Principal, request: FastifyRequest): Pick<Caller, "quota"> {
  // Not by name: anonymous callers all have the same one. They share limits with everybody at their address.
  if (kind === "anonymous") return { quota: `address ${addressOf(request)}` };
  return issuer === undefined ? {} : { quota: `${id} of ${issuer}` };
}

/** What audit lines say of a caller. Only the start of a session's id: a log should not hold all of it. */
function auditFacts({ client, organisation }: Principal, request: FastifyRequest): CallerFacts {
  const [session] = headerValues(request, "mcp-session-id");
  const address = addressOf(request);
  return {
    client: client ?? undefined,
    organisation: organisation ?? undefined,
    session: session?.slice(0, 8),
    address: address || undefined,
  };
}
