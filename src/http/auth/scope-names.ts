/**
 * Translates between this server's scopes and an issuer's names for them: MCP_SCOPE_MAP, and `scope_map` of the policy
 * file. A scope, permission or role of a token grants the scopes that the map has for it; a challenge asks for a scope
 * by the first name that the map has for it.
 */
import type { ScopeMap } from "../../config/scope-map.ts";
import type { Identity } from "./principal.ts";
import { READ_SCOPE, WRITE_SCOPE } from "./scopes.ts";

export interface ScopeNames {
  /** The identity with the scopes that its scopes and roles grant added. */
  grant(identity: Identity): Identity;
  /** The issuer's names for `scopes`. */
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
  // Cached, since this runs with every request; a verified token keeps the same identity object.
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
    ask: (scopes) => [...new Set(scopes.map((scope) => names.get(scope) ?? names.get(generalScope(scope)) ?? scope))],
  };
}

/** The scope for all domains that includes a scope for one. */
function generalScope(scope: string): string {
  return scope.endsWith(":write") ? WRITE_SCOPE : READ_SCOPE;
}
