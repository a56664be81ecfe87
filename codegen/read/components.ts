/** Finds the components that operations refer to, directly or through other components. */
import { lookUp, type Document } from "./document.ts";

/** Drops components that no operation refers to. Security schemes stay, since they are used by name. */
export function dropUnreachedComponents(document: Document): Document {
  const followed = new Set<string>();
  // Holds the targets, not the pointers: a name with a slash or a space can be escaped in several ways.
  const reached = new Set<unknown>();
  const walk = (node: unknown): void => {
    if (node === null || typeof node !== "object") return;
    for (const [key, value] of Object.entries(node)) {
      if (key === "$ref" && typeof value === "string" && !followed.has(value)) {
        followed.add(value);
        const target = lookUp(document, value);
        reached.add(target);
        walk(target);
      } else walk(value);
    }
  };
  walk(document.paths);
  const components = Object.entries(document.components ?? {}).map(([section, entries]) => [
    section,
    section === "securitySchemes"
      ? entries
      : Object.fromEntries(Object.entries(entries ?? {}).filter(([, entry]) => reached.has(entry))),
  ]);
  return { ...document, components: Object.fromEntries(components) as Record<string, Record<string, unknown>> };
}
