/** The policy file's rules, and what scopes mean, from the policy file and the settings. */
import type { PolicySubject } from "../../catalog/policy.ts";
import type { HttpConfig } from "../../config/http-config.ts";
import type { ScopeMap } from "../../config/scope-map.ts";
import { PortkeyMcpError } from "../../errors/errors.ts";
import type { AuthOptions } from "../auth/auth-options.ts";
import { authorizationServer } from "../auth/resource.ts";
import { createScopeNames, type ScopeNames } from "../auth/scope-names.ts";
import { baseScopes, unknownDomainFault } from "../auth/scopes.ts";
import { readPolicyFile, type PolicyFile } from "./policy-file.ts";
import type { ScopeUse } from "./policy-file-schema.ts";

export interface Rules {
  /** null: there is no file, and everybody has what the server's settings admit. */
  readonly file: PolicyFile | null;
  /** What scopes do; `ignore` where tokens have none. */
  readonly scopeUse: ScopeUse;
  readonly names: ScopeNames;
  /** This server's scopes that a login asks for, by the issuer's names; or what the file has instead of them. */
  readonly ownLoginScopes: readonly string[];
  /** Other scopes that a login asks for. */
  readonly otherLoginScopes: readonly string[];
  /** All scopes that a login asks for: `ownLoginScopes` and `otherLoginScopes`. */
  readonly loginScopes: readonly string[];
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
  const map = [...(file?.scopeMap ?? []), ...checkedSettingsMap(config.scopeMap ?? [], records)];
  // In this server's own tokens the scopes are what the person granted: a role must not add to them.
  if (map.length > 0 && !hasForeignScopes(config))
    throw new PortkeyMcpError(
      "CONFIG",
      `${file?.scopeMap.length ? "MCP_POLICY_FILE: scope_map" : "MCP_SCOPE_MAP"} is not used while ` +
        `MCP_AUTH_MODE is ${config.auth.mode}. Remove it.`,
    );
  const names = createScopeNames(map);
  const scopeUse = oauth ? (file?.scopes ?? "require") : "ignore";
  const defaultScopes = scopeUse === "ignore" ? [] : names.ask(baseScopes(policy));
  const ownLoginScopes = oauth ? (file?.challengeScopes ?? defaultScopes) : [];
  const otherLoginScopes = oauth ? (config.loginScopes ?? []) : [];
  const loginScopes = [...new Set([...ownLoginScopes, ...otherLoginScopes])];
  return { file, scopeUse, names, ownLoginScopes, otherLoginScopes, loginScopes };
}

/** Whether the tokens' scopes are an issuer's, and not this server's own. */
function hasForeignScopes({ auth }: Pick<HttpConfig, "auth">): boolean {
  return auth.mode === "jwt" || auth.mode === "clerk";
}

/** The map, as it is. Throws CONFIG where it names a domain that does not exist. */
function checkedSettingsMap(map: ScopeMap, records: readonly PolicySubject[]): ScopeMap {
  const mistakes = map.flatMap(([, scope]) => unknownDomainFault(scope, records) ?? []);
  if (mistakes.length > 0)
    throw new PortkeyMcpError("CONFIG", mistakes.map((line) => `MCP_SCOPE_MAP: ${line}`).join("\n"));
  return map;
}
