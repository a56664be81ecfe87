/** Components that operations reach by reference, directly or through others. */
import type { Document } from "./document.ts";

/** Drops every component that no kept operation reaches, security schemes excepted: they are named, not referenced. */
export function dropUnreachedComponents(document: Document): Document {
  const reached = new Set<string>();
  const walk = (node: unknown): void => {
    if (node === null || typeof node !== "object") return;
    for (const [key, value] of Object.entries(node)) {
      if (key === "$ref" && typeof value === "string" && !reached.has(value)) {
        reached.add(value);
        const [, , section, name] = value.split("/");
        walk(document.components?.[section as string]?.[name as string]);
      } else walk(value);
    }
  };
  walk(document.paths);
  const components = Object.entries(document.components ?? {}).map(([section, entries]) => [
    section,
    section === "securitySchemes"
      ? entries
      : Object.fromEntries(
          Object.entries(entries ?? {}).filter(([name]) => reached.has(`#/components/${section}/${name}`)),
        ),
  ]);
  return { ...document, components: Object.fromEntries(components) as Record<string, Record<string, unknown>> };
}
