/**
 * Between this server's scopes and what an issuer calls them: MCP_SCOPE_MAP, and `scope_map` of the policy file.
 * A scope, permission or role that a token carries stands for what the map says of it; a challenge asks for a scope by
 * the first name that the map has for it.
 */
import type { ScopeMap } from "../../config/scope-map.ts";
import type { Identity } from "./principal.ts";
import { READ_SCOPE, WRITE_SCOPE } from "./scopes.ts";

export interface ScopeNames {
  /** The identity with the scopes that its own stand for. */
  grant(identity: Identity): Identity;
  /** What to ask the issuer for, to be granted `scopes`. */
  ask(scopes: readonly string[]): string[];
}

export function createScopeNames(map: ScopeMap): ScopeNames {
  if (map.length === 0) return { grant: (identity) => identity, ask: (scopes) => [...scopes] };
  const meanings = new Map<string, string[]>();
  const names = new Map<string, string>();
  for (const [name, scope] of map) {
    meanings.set(name, [...(meanings.get(name) ?? []), scope]);
    if (!names.has(scope)) names.set(scope, name);
  }
  // Identities last as long as their tokens are known, and are asked for with every request.
  const granted = new WeakMap<Identity, Identity>();
  return {
    grant(identity) {
      const known = granted.get(identity);
      if (known !== undefined) return known;
      const meant = [...identity.scopes, ...identity.roles].flatMap((name) => meanings.get(name) ?? []);
      const result = { ...identity, scopes: [...new Set([...identity.scopes, ...meant])] };
      granted.set(identity, result);
      return result;
    },
    ask: (scopes) => [...new Set(scopes.map((scope) => names.get(scope) ?? names.get(generalOf(scope)) ?? scope))],
  };
}

/** The scope for every domain that includes a single domain's. */
function generalOf(scope: string): string {
  return scope.endsWith(":write") ? WRITE_SCOPE : READ_SCOPE;
}
