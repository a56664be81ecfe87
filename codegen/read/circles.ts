/** Removes schemas that contain themselves through `allOf`, `oneOf` or `anyOf`: walking them would never end. */
import { resolve, type Document, type Schema } from "./document.ts";
import type { Note } from "./note.ts";
import { isObject } from "./objects.ts";

const forms = ["allOf", "oneOf", "anyOf"] as const;

/** Removes, in place, each subschema that leads back to its own schema without a property between; returns notes. */
export function openCircles(document: Document): Note[] {
  const notes: Note[] = [];
  const seen = new Set<unknown>();
  const done = new Set<Schema>();
  const visit = (schema: Schema, open: ReadonlySet<Schema>): void => {
    if (done.has(schema)) return;
    const around = new Set([...open, schema]);
    for (const form of forms) {
      const parts = schema[form];
      if (!parts) continue;
      const kept = parts.filter((part) => {
        const target = resolve(document, part);
        if (!around.has(target)) visit(target, around);
        return !around.has(target);
      });
      for (const part of parts.filter((each) => !kept.includes(each)))
        notes.push({ at: part.$ref ?? form, what: `left out of ${form}: it leads back to itself` });
      if (kept.length > 0) schema[form] = kept;
      else Reflect.deleteProperty(schema, form);
    }
    done.add(schema);
  };
  const walk = (node: unknown): void => {
    if (node === null || typeof node !== "object" || seen.has(node)) return;
    seen.add(node);
    if (isObject(node) && forms.some((form) => Array.isArray(node[form]))) visit(node as Schema, new Set());
    for (const member of Object.values(node)) walk(member);
  };
  walk(document.components?.["schemas"]);
  return notes;
}
