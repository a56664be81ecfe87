/**
 * Scope expressions as records have them: `a | b` either, `a & b` both, empty for none; `&` binds closer.
 */

/** What an operation asks of a key. */
export interface Access {
  readonly scopes: string;
  readonly key: "any" | "workspace" | "admin" | "token" | "none";
}

/** The fields of a tool record that say what its operation asks; the manifest's records are such rules. */
export interface AccessRule extends Access {
  readonly method?: string;
  readonly path?: string;
}

export function allows(expression: string, held: ReadonlySet<string>): boolean {
  return expression
    .split("|")
    .some((all) => all.split("&").every((scope) => scope.trim() === "" || held.has(scope.trim())));
}

/** Every scope that rules name, in order. */
export function scopesIn(rules: readonly AccessRule[]): string[] {
  const names = rules.flatMap((rule) => rule.scopes.split(/[|&]/).map((scope) => scope.trim()));
  return [...new Set(names.filter((name) => name !== ""))].sort();
}
