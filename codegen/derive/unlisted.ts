/**
 * Rare fields, which describe_tool shows and a listing does not: it says with `…` that there are more. Which these are
 * is a decision about words, not a fact, so it stands in the glossary.
 */
import type { Document, Schema } from "../read/document.ts";
import { mapValues } from "./schema.ts";

/** Dotted paths of fields, by the component, or by the tool, that has them. */
export type Unlisted = Readonly<Record<string, readonly string[]>>;

/** The facts with the marks of their components' rare fields; what they do not have is another edition's. */
export function withUnlisted(facts: Document, unlisted: Unlisted): Document {
  const components = facts.components ?? {};
  const schemas = components["schemas"] as Record<string, Schema> | undefined;
  if (schemas === undefined) return facts;
  const marked = mapValues(schemas, (schema, name) => markedAt(schema, pathsOf(unlisted, name)));
  return { ...facts, components: { ...components, schemas: marked } };
}

/** A tool's arguments, by name, with the marks of the rare ones. */
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

/** A reference has no other members. */
function markedField(field: Schema): Schema {
  return field.$ref === undefined ? { ...field, "x-listed": false } : { allOf: [field], "x-listed": false };
}
