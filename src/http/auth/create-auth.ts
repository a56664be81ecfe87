/**
 * From a request to its caller: who it is, what it may do, with which Portkey keys. Built once per process.
 *
 * The policy is narrowed in this order: the server's settings, the policy file's rule, the token's scopes, the request's
 * own wish. It performs no Host or Origin check and counts nothing: that is the app's.
 */
import type { FastifyInstance, FastifyRequest } from "fastify";
import { narrowPolicy } from "../../catalog/narrow.ts";
import type { Policy, PolicySubject } from "../../catalog/policy.ts";
import type { HttpConfig } from "../../config/http-config.ts";
import type { Credentials } from "../../portkey/port.ts";
import { callerCredentials, createFingerprints } from "../credentials.ts";
import { readPolicyFile, ruleFor, type PolicyRule, type ReadSecret } from "../policy-file.ts";
import { createIdentify } from "./identify.ts";
import type { IssuerKeysOptions } from "./issuer-keys.ts";
import { principalOf, type HttpCaller, type Principal } from "./principal.ts";
import { bearerRefusal, HttpRefusal } from "./refusal.ts";
import { requestNarrowing } from "./request-narrowing.ts";
import { registerResourceMetadata, resourceOf } from "./resource.ts";
import { baseScopes, missingScopes, portkeyScopes, scopeNarrowing } from "./scopes.ts";

export interface AuthOptions {
  readonly config: HttpConfig;
  /** The server's upper bound and its own keys. */
  readonly policy: Policy;
  readonly credentials: Credentials;
  readonly records: readonly PolicySubject[];
  readonly readSecret: ReadSecret;
  readonly warn?: (message: string) => void;
  /** Times of the issuer's key set, where the defaults do not fit. */
  readonly keys?: Pick<IssuerKeysOptions, "cooldownMs" | "intervalMs" | "timeoutMs" | "staleMs">;
}

export interface Auth {
  /** Throws HttpRefusal with the status, challenge and words to answer with: 400, 401, 403, or 503 while no token can be judged. */
  authenticate(request: FastifyRequest): Promise<HttpCaller>;
  /** Throws HttpRefusal 403 `insufficient_scope` where only the token's scopes keep the caller from these tools. */
  requireScopes(caller: HttpCaller, records: readonly PolicySubject[], request: FastifyRequest): void;
  /** RFC 9728. */
  registerMetadata(app: FastifyInstance): void;
  /** What a client is told to ask its issuer for. */
  readonly scopes: readonly string[];
}

/** Throws CONFIG where the policy file has mistakes. */
export function createAuth(options: AuthOptions): Auth {
  const { config, records, readSecret } = options;
  const oauth = config.auth.mode === "jwt" || config.auth.mode === "clerk";
  const file = config.policyFile === null ? null : readPolicyFile(config.policyFile, { records, readSecret, credentials: config.credentials });
  const scopeUse = oauth ? (file?.scopes ?? "require") : "ignore";
  const scopes = !oauth ? [] : (file?.challengeScopes ?? (scopeUse === "ignore" ? [] : baseScopes(options.policy)));
  const identify = createIdentify(options, scopes);
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

  async function authenticate(request: FastifyRequest): Promise<HttpCaller> {
    const identity = await identify(request);
    let principal = principalOf(identity);
    const rule = file === null ? undefined : ruleFor(file, principal);
    if (file !== null && rule === undefined) throw new HttpRefusal(403, `No rule of the policy file fits ${principal.id}, so that it may do nothing here.`);
    if (scopeUse === "require" && portkeyScopes(principal.scopes).length === 0) throw nothingGranted(request);
    const credentials = credentialsOf(request, rule);
    const binding = fingerprints.bindingOf(principal, credentials);
    if (principal.kind === "anonymous" && config.credentials === "caller") {
      principal = principalOf({ ...identity, kind: "key", subject: fingerprints.keyNameOf(credentials) });
    }

    const granted = rule === undefined ? options.policy : narrowPolicy(options.policy, rule.narrowing);
    const limited = scopeUse === "require" || (scopeUse === "narrow" && portkeyScopes(principal.scopes).length > 0);
    const scoped = limited ? narrowPolicy(granted, scopeNarrowing(principal.scopes)) : granted;
    return {
      principal: principal.id,
      identity: principal,
      policy: narrowPolicy(scoped, requestNarrowing(request)),
      credentials,
      binding,
      ...(limited && { beforeScopes: granted }),
    };
  }

  function requireScopes(caller: HttpCaller, wanted: readonly PolicySubject[], request: FastifyRequest): void {
    const granted = caller.beforeScopes;
    if (granted === undefined) return;
    const missing = wanted.flatMap((record) => missingScopes(granted, caller.identity.scopes, record));
    if (missing.length === 0) return;
    const { metadata } = resourceOf(config, request);
    throw bearerRefusal(`The token lacks the scope ${missing.join(" and ")} for ${wanted.map(({ name }) => name).join(", ")}.`, {
      error: "insufficient_scope",
      description: `Needs ${missing.join(" ")}.`,
      resourceMetadata: metadata,
      scope: stepUp(caller.identity, missing),
    });
  }

  return { authenticate, requireScopes, registerMetadata: (app) => registerResourceMetadata(app, config, scopes), scopes };
}

/** A client replaces its token by one with exactly these scopes: what it has must be among them, or it loses that. */
function stepUp({ scopes }: Principal, missing: readonly string[]): string[] {
  return [...new Set([...portkeyScopes(scopes), ...missing])];
}
