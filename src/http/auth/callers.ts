/**
 * From a principal and its rule to a caller: what it may do, with which Portkey keys.
 *
 * The policy is narrowed in this order: the server's settings, the policy file's rule, the token's scopes, the
 * request's own wish.
 */
import type { FastifyRequest } from "fastify";
import { keepRecent } from "../../catalog/keep-recent.ts";
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

/** Who sent a request, and the rule that decides for it; undefined where there is no policy file. */
export interface Recognised {
  readonly principal: Principal;
  readonly rule: PolicyRule | undefined;
}

/** Throws HttpRefusal 400 where the request's key or its wish cannot be read. */
export type CallerOf = (recognised: Recognised, request: FastifyRequest) => HttpCaller;

export function createCallers(options: AuthOptions, { scopeUse }: Rules): CallerOf {
  const { config } = options;
  const kept = keepRecent<Policy>();
  const narrowingOf = createRequestNarrowing(options.records);
  const bindings = options.bindings ?? createBindings(config, options.credentials);

  return ({ principal, rule }, request) => {
    const credentials = credentialsOf(config, options.credentials, rule, request);
    const identity =
      principal.kind === "anonymous" && config.credentials === "caller"
        ? principalOf({ ...principal, kind: "key", subject: bindings.keyNameOf(credentials) })
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
      binding: bindings.of(identity, credentials, rule),
      about: aboutOf(identity, request),
      ...(rule?.auditArguments && { auditArguments: true }),
      ...quotaOf(principal, request),
      ...(limited && { beforeScopes: granted }),
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

/** Limits are shared over Redis, by instances that may trust different issuers. */
function quotaOf({ kind, issuer, id }: Principal, request: FastifyRequest): Pick<Caller, "quota"> {
  // A name that anybody can give itself shares its limits with all who come from the same address.
  if (kind === "anonymous") return { quota: `address ${addressOf(request)}` };
  return issuer === undefined ? {} : { quota: `${id} of ${issuer}` };
}

/** For audit lines. A session's id opens nothing without its principal, but a log is no place for all of it. */
function aboutOf({ client, organisation }: Principal, request: FastifyRequest): CallerFacts {
  const [session] = headerValues(request, "mcp-session-id");
  const address = addressOf(request);
  return {
    client: client ?? undefined,
    organisation: organisation ?? undefined,
    session: session?.slice(0, 8),
    address: address || undefined,
  };
}
