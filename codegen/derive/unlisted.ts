/**
 * Marks rare fields. describe_tool shows them; a listing has `…` in their place. The glossary names them, since this is
 * an editorial decision, not a fact of the API.
 */
import type { Document, Schema } from "../read/document.ts";
import { mapValues } from "./schema.ts";

/** Dotted paths of rare fields, by the name of their component or tool. */
export type Unlisted = Readonly<Record<string, readonly string[]>>;

/** The facts with rare fields of components marked. Unknown names are ignored: another edition may have them. */
export function withUnlisted(facts: Document, unlisted: Unlisted): Document {
  const components = facts.components ?? {};
  const schemas = components["schemas"] as Record<string, Schema> | undefined;
  if (schemas === undefined) return facts;
  const marked = mapValues(schemas, (schema, name) => markedAt(schema, pathsOf(unlisted, name)));
  return { ...facts, components: { ...components, schemas: marked } };
}

/** A tool's argument schemas, by name, with rare fields marked. */
export function unlistedArguments(
  schemas: Readonly<Record<string, Schema>>,
  tool: string,
  unlisted: Unlisted,
): Readonly<Record<string, Schema>> {
  return markedAt({ properties: { ...schemas } }, pathsOf(unlisted, tool)).properties ?? {};
}

export function isListed(schema: Schema | undefined): boolean {
  return schema?.["x-listed"] !== false;
}

function pathsOf(unlisted: Unlisted, name: string): readonly string[] {
  return Object.hasOwn(unlisted, name) ? (unlisted[name] as readonly string[]) : [];
}

function markedAt(schema: Schema, paths: readonly string[]): Schema {
  return paths.reduce((marked, path) => markField(marked, path.split(".")), schema);
}

function markField(schema: Schema, path: readonly string[]): Schema {
  const [name = "", ...inner] = path;
  if (schema.allOf) return { ...schema, allOf: schema.allOf.map((part) => markField(part, path)) };
  const field = schema.properties && Object.hasOwn(schema.properties, name) ? schema.properties[name] : undefined;
  if (field === undefined) return schema;
  const marked = inner.length > 0 ? markField(field, inner) : markedField(field);
  return { ...schema, properties: { ...schema.properties, [name]: marked } };
}

/** A `$ref` must not have sibling members, so it is wrapped in `allOf`. */
function markedField(field: Schema): Schema {
  return field.$ref === undefined ? { ...field, "x-listed": false } : { allOf: [field], "x-listed": false };
}
