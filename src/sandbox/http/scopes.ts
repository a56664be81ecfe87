/**
 * Evaluates scope expressions of records: `a | b` either, `a & b` both, empty for none; `&` binds tighter.
 */

/** What an operation requires of a key. */
export interface Access {
  readonly scopes: string;
  readonly key: "any" | "workspace" | "admin" | "token" | "none";
}

/** The access that an operation requires; the manifest's records have these members. */
export interface AccessRule extends Access {
  readonly method?: string;
  readonly path?: string;
}

export function allows(expression: string, held: ReadonlySet<string>): boolean {
  return expression
    .split("|")
    .some((all) => all.split("&").every((scope) => scope.trim() === "" || held.has(scope.trim())));
}

/** Every scope in the rules, sorted. */
export function collectScopes(rules: readonly AccessRule[]): string[] {
  const names = rules.flatMap((rule) => rule.scopes.split(/[|&]/).map((scope) => scope.trim()));
  return [...new Set(names.filter((name) => name !== ""))].sort();
}
