/**
 * The map from an issuer's names of scopes and roles to this server's scopes, for issuers whose scopes cannot have
 * colons.
 */
import { namingSomething } from "./kinds.ts";
import type { Kind } from "./setting.ts";

/** Pairs of an issuer's name and a scope of this server that it grants; a name may occur more than once. */
export type ScopeMap = readonly (readonly [name: string, scope: string])[];

/** A scope of this server: for every domain, or for one. */
export const SCOPE = /^portkey:(?:([a-z][a-z0-9-]*):)?(read|write)$/;

/** The form of a scope in OAuth (RFC 6749, section 3.3). */
export const SCOPE_TOKEN = /^[\x21\x23-\x5b\x5d-\x7e]+$/;

/** `name=scope`, comma separated. Names may contain `=`, since this server's scopes do not. */
export const scopeMap: Kind<ScopeMap> = {
  label: "list of name=scope",
  parse(raw) {
    const entries = raw.split(",").map((entry) => entry.trim());
    return namingSomething(
      raw,
      entries.filter((entry) => entry !== ""),
    ).map((entry) => {
      const at = entry.lastIndexOf("=");
      const [name, scope] = [entry.slice(0, at).trim(), entry.slice(at + 1).trim()];
      if (at < 1 || name === "" || !SCOPE.test(scope))
        throw new Error(
          `has "${entry}". Use name=scope with a scope of this server, such as portkey.read=portkey:read.`,
        );
      return [name, scope] as const;
    });
  },
};

/** Scopes, comma or space separated. */
export const scopeList: Kind<readonly string[]> = {
  label: "list",
  parse(raw) {
    const scopes = namingSomething(
      raw,
      raw.split(/[\s,]+/).filter((entry) => entry !== ""),
    );
    const wrong = scopes.find((scope) => !SCOPE_TOKEN.test(scope));
    if (wrong !== undefined) throw new Error(`has "${wrong}", which is no scope.`);
    return scopes;
  },
};
