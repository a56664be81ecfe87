/**
 * Loosens a schema in place until a sample is valid: a required field that the sample lacks becomes optional; an enum
 * gets the sample's value; a format, pattern or limit that the sample violates is removed; null or another JSON type
 * is allowed too; and a `oneOf` whose variants overlap becomes `anyOf`.
 */
import { resolve, type Document, type Schema } from "../document.ts";
import { isObject, isText } from "../objects.ts";
import { breaks, jsonTypeOf, keywordsBroken } from "./broken.ts";

export interface Loosening {
  readonly document: Document;
  /** Whether to add a field to the schema that a sample has and the schema lacks. */
  readonly takesField?: (name: string, schema: Schema, at: string) => boolean;
  /** The sample was written by hand: a different spelling of a known field is a mistake in it. */
  readonly handwritten?: boolean;
  readonly say: (what: string) => void;
  /** Reports the changes through `say` but does not make them. */
  readonly dry?: true;
}

/** A place in a sample: the path of field names, and the depth in schemas. */
export interface Place {
  readonly at: string;
  readonly depth: number;
}

export function loosen(work: Loosening, reference: Schema, value: unknown, { at, depth }: Place): void {
  if (depth > 40) return;
  const below = (name: string): Place => ({ at: `${at}${name}`, depth: depth + 1 });
  const schema = resolve(work.document, reference);
  const change = (what: string, apply: () => void) => {
    work.say(`${at || "it"} ${what}`);
    if (!work.dry) apply();
  };
  for (const part of schema.allOf ?? []) loosen(withoutFields(work), part, value, below(""));
  if (value === null) {
    if (!takesNull(work, schema)) change("can be null", () => (schema.nullable = true));
    return;
  }
  loosenUnion(work, schema, value, { at, depth, change });
  const type = jsonTypeOf(value);
  if (schema.type !== undefined && breaks(schema.type, value)) {
    change(`can be ${withArticle(type)} too`, () => addForm(schema, type));
    return;
  }
  if (schema.enum && !schema.enum.includes(value) && typeof value !== "object")
    change(`takes ${JSON.stringify(value)} too`, () => schema.enum?.push(value));
  for (const keyword of keywordsBroken(schema, value))
    change(`breaks its ${keyword}`, () => Reflect.deleteProperty(schema, keyword));
  if (Array.isArray(value) && schema.items) for (const item of value) loosen(work, schema.items, item, below("[]"));
  if (isObject(value)) loosenObject(work, schema, value, { at, depth, change });
}

/** For subschemas of `allOf` and unions: new fields are added to the schema that contains them. */
function withoutFields({ takesField: _, ...work }: Loosening): Loosening {
  return work;
}

const spelling = (name: string) => name.replace(/[^A-Za-z0-9]/g, "").toLowerCase();

interface Here extends Place {
  readonly change: (what: string, apply: () => void) => void;
}

function loosenObject(work: Loosening, schema: Schema, value: Record<string, unknown>, here: Here): void {
  const { at, depth, change } = here;
  const pathTo = (name: string) => (at ? `${at}.${name}` : name);
  const below = (name: string): Place => ({ at: pathTo(name), depth: depth + 1 });
  for (const name of schema.required ?? []) {
    if (name in value) continue;
    // If the sample has the field in another spelling, the sample is wrong and the field stays required.
    if (work.handwritten && Object.keys(value).some((given) => spelling(given) === spelling(name))) continue;
    work.say(`${pathTo(name)} is not required`);
    if (!work.dry) schema.required = schema.required?.filter((other) => other !== name) ?? [];
  }
  if (schema.required?.length === 0) Reflect.deleteProperty(schema, "required");
  for (const [name, member] of Object.entries(value)) {
    const field = schema.properties?.[name];
    const others = schema.additionalProperties;
    if (field) loosen(work, field, member, below(name));
    else if (isObject(others)) loosen(work, others as Schema, member, below("*"));
    else if (others === false)
      change("takes further fields", () => Reflect.deleteProperty(schema, "additionalProperties"));
    else if (schema.properties && others === undefined && !isKnown(work, schema, name)) {
      if (!work.takesField?.(name, schema, pathTo(name))) continue;
      work.say(`${pathTo(name)} is taken too`);
      if (!work.dry) schema.properties[name] = formOf(jsonTypeOf(member));
    }
  }
}

/** Whether a subschema in `allOf`, `oneOf` or `anyOf` has the field. */
function isKnown(work: Loosening, schema: Schema, name: string): boolean {
  const parts = [...(schema.allOf ?? []), ...(schema.oneOf ?? []), ...(schema.anyOf ?? [])];
  return parts.some((part) => {
    const resolved = resolve(work.document, part);
    return resolved.properties?.[name] !== undefined || isKnown(work, resolved, name);
  });
}

function loosenUnion(work: Loosening, schema: Schema, value: unknown, { at, depth, change }: Here): void {
  const arms = schema.oneOf ?? schema.anyOf;
  if (!arms) return;
  const costs = arms.map((arm) => costOf(work, arm, value, depth));
  const fitting = costs.filter((cost) => cost === 0).length;
  if (fitting > 1 && schema.oneOf) change("fits several forms at once", () => toAnyOf(schema));
  if (fitting > 0) return;
  const sameType = arms.filter((arm) => fitsType(work, arm, value));
  if (sameType.length === 0) {
    const type = jsonTypeOf(value);
    change(`can be ${withArticle(type)} too`, () => arms.push(formOf(type)));
    return;
  }
  const cheapest = sameType.reduce((best, arm) =>
    costOf(work, arm, value, depth) < costOf(work, best, value, depth) ? arm : best,
  );
  loosen(withoutFields(work), cheapest, value, { at, depth: depth + 1 });
}

/** The number of changes that the value would need. */
function costOf(work: Loosening, schema: Schema, value: unknown, depth: number): number {
  let count = 0;
  loosen({ ...withoutFields(work), dry: true, say: () => (count += 1) }, schema, value, { at: "", depth: depth + 1 });
  return count;
}

function fitsType(work: Loosening, arm: Schema, value: unknown): boolean {
  const schema = resolve(work.document, arm);
  return schema.type === undefined || !breaks(schema.type, value);
}

function takesNull(work: Loosening, schema: Schema): boolean {
  if (schema.nullable || schema.enum?.includes(null)) return true;
  const arms = schema.oneOf ?? schema.anyOf ?? schema.allOf;
  if (arms?.some((arm) => takesNull(work, resolve(work.document, arm)))) return true;
  return schema.type === undefined && !arms && !schema.enum && !schema.properties;
}

function toAnyOf(schema: Schema): void {
  schema.anyOf = schema.oneOf as Schema[];
  delete schema.oneOf;
}

/** Changes the schema in place to a union of itself and another type; an integer becomes a number. */
function addForm(schema: Schema, type: string): void {
  if (schema.type === "integer" && type === "number") {
    schema.type = "number";
    return;
  }
  const { nullable, ...own } = schema;
  for (const keyword of Object.keys(schema)) Reflect.deleteProperty(schema, keyword);
  Object.assign(schema, { ...(nullable && { nullable }), anyOf: [own, formOf(type)] });
}

function formOf(type: string): Schema {
  if (type === "null") return { nullable: true };
  return type === "array" ? { type, items: {} } : { type };
}

function withArticle(type: string): string {
  return isText(type) && /^[aeio]/.test(type) ? `an ${type}` : `a ${type}`;
}
