/** What the policy file and the settings say of rights: which rule fits, and what scopes mean. Read once at start. */
import type { PolicySubject } from "../../catalog/policy.ts";
import type { HttpConfig } from "../../config/http-config.ts";
import type { ScopeMap } from "../../config/scope-map.ts";
import { PortkeyMcpError } from "../../errors/errors.ts";
import type { AuthOptions } from "../auth/auth-options.ts";
import { authorizationServer } from "../auth/resource.ts";
import { createScopeNames, type ScopeNames } from "../auth/scope-names.ts";
import { baseScopes, unknownDomain } from "../auth/scopes.ts";
import { readPolicyFile, type PolicyFile } from "./policy-file.ts";
import type { ScopeUse } from "./policy-file-schema.ts";

export interface Rules {
  /** null: no file, so that everybody has what the server's own settings admit. */
  readonly file: PolicyFile | null;
  /** What scopes do; `ignore` where tokens have none. */
  readonly scopeUse: ScopeUse;
  readonly names: ScopeNames;
  /** This server's scopes that a login asks for, as the issuer calls them, or what the file has instead. */
  readonly wanted: readonly string[];
  /** All that a login asks for. */
  readonly asked: readonly string[];
  /** What a login asks for besides this server's scopes. */
  readonly besides: readonly string[];
}

/** Throws CONFIG where the policy file or MCP_SCOPE_MAP has mistakes. */
export function readRules(options: AuthOptions): Rules {
  const { config, policy, records, readSecret } = options;
  const { credentials, edition, sendsTenant } = config;
  const file =
    config.policyFile === null
      ? null
      : readPolicyFile(config.policyFile, { policy, records, readSecret, credentials, edition, sendsTenant });
  const oauth = authorizationServer(config) !== null;
  const map = [...(file?.scopeMap ?? []), ...settingsMap(config.scopeMap ?? [], records)];
  // Scopes of this server's own tokens are what the person granted: a role must not add to them.
  if (map.length > 0 && !hasForeignScopes(config))
    throw new PortkeyMcpError(
      "CONFIG",
      `${file?.scopeMap.length ? "MCP_POLICY_FILE: scope_map" : "MCP_SCOPE_MAP"} is not used while ` +
        `MCP_AUTH_MODE is ${config.auth.mode}. Remove it.`,
    );
  const names = createScopeNames(map);
  const scopeUse = oauth ? (file?.scopes ?? "require") : "ignore";
  const own = scopeUse === "ignore" ? [] : names.ask(baseScopes(policy));
  const wanted = oauth ? (file?.challengeScopes ?? own) : [];
  const besides = oauth ? (config.loginScopes ?? []) : [];
  return { file, scopeUse, names, wanted, besides, asked: [...new Set([...wanted, ...besides])] };
}

/** Whether tokens have scopes that somebody else named. */
function hasForeignScopes({ auth }: Pick<HttpConfig, "auth">): boolean {
  return auth.mode === "jwt" || auth.mode === "clerk";
}

function settingsMap(map: ScopeMap, records: readonly PolicySubject[]): ScopeMap {
  const mistakes = map.flatMap(([, scope]) => unknownDomain(scope, records) ?? []);
  if (mistakes.length > 0)
    throw new PortkeyMcpError("CONFIG", mistakes.map((line) => `MCP_SCOPE_MAP: ${line}`).join("\n"));
  return map;
}
