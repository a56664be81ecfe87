/** What stands beside a `$ref`: OpenAPI 3.1 lets it hold, 3.0 ignores it. */

type Node = Readonly<Record<string, unknown>>;

/** Says nothing of which values are right. */
const ANNOTATIONS = new Set([
  ...["title", "summary", "description", "example", "examples", "default", "deprecated", "externalDocs", "xml"],
  ...["$comment", "$schema", "$id", "$anchor", "$defs"],
]);

/** What 3.0's authors mean although it ignores them: each takes more, or asks for less. */
const MEANT_ANYWAY = new Set(["nullable", "readOnly"]);

/**
 * The schema with its reference as a part beside the others, where something beside it holds; undefined where the
 * reference says all.
 */
export function withPart({ $ref, allOf, ...beside }: Node, isOf30: boolean): Record<string, unknown> | undefined {
  const names = Object.keys(beside).filter((name) => !ANNOTATIONS.has(name) && !name.startsWith("x-"));
  const held = isOf30 ? names.filter((name) => MEANT_ANYWAY.has(name)) : names;
  const parts = !isOf30 && Array.isArray(allOf) ? (allOf as unknown[]) : [];
  if (held.length === 0 && parts.length === 0) return undefined;
  return { ...Object.fromEntries(held.map((name) => [name, beside[name]])), allOf: [{ $ref }, ...parts] };
}
