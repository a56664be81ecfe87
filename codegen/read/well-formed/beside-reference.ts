/** Keywords beside a `$ref`: OpenAPI 3.1 applies them, 3.0 ignores them. */

type Node = Readonly<Record<string, unknown>>;

/** Keywords that do not restrict values. */
const ANNOTATIONS = new Set([
  ...["title", "summary", "description", "example", "examples", "default", "deprecated", "externalDocs", "xml"],
  ...["$comment", "$schema", "$id", "$anchor", "$defs"],
]);

/** Keywords that are applied in 3.0 too, since authors mean them: they allow more values, or require less. */
const MEANT_ANYWAY = new Set(["nullable", "readOnly"]);

/**
 * The schema with its reference moved into `allOf`, if a keyword beside it applies. Undefined if the reference alone
 * is enough.
 */
export function withPart({ $ref, allOf, ...beside }: Node, isOf30: boolean): Record<string, unknown> | undefined {
  const names = Object.keys(beside).filter((name) => !ANNOTATIONS.has(name) && !name.startsWith("x-"));
  const held = isOf30 ? names.filter((name) => MEANT_ANYWAY.has(name)) : names;
  const parts = !isOf30 && Array.isArray(allOf) ? (allOf as unknown[]) : [];
  if (held.length === 0 && parts.length === 0) return undefined;
  return { ...Object.fromEntries(held.map((name) => [name, beside[name]])), allOf: [{ $ref }, ...parts] };
}
