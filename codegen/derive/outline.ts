/**
 * An outline names the fields of a folded schema, in the notation models read best for the fewest tokens:
 * `{mode*:single|loadbalance, targets:[{weight:number}]}`.
 * A star marks a required key. A key without a type is a string.
 */
import type { Schema } from "../read/document.ts";
import { variantsOf, fieldsOf, typeOf } from "./schema.ts";

/** How much an outline says about a field, from its name alone to all of its schema. */
interface Detail {
  readonly depth: number;
  readonly types: boolean;
  readonly enumValues: number;
}

const details: readonly Detail[] = [
  { depth: 0, types: false, enumValues: 0 },
  { depth: 0, types: true, enumValues: 4 },
  { depth: 1, types: false, enumValues: 0 },
  { depth: 1, types: true, enumValues: 4 },
  { depth: 2, types: true, enumValues: 4 },
  { depth: 4, types: true, enumValues: 8 },
];

/**
 * An outline that names every field, however many there are, but those marked as not listed. What is then left of
 * `limit` characters goes to the fields' types and inner fields, level by level, in the fields' order.
 */
export function outlineOf(schema: Schema, limit: number): string {
  const key = `${limit} ${JSON.stringify(schema)}`;
  const known = outlines.get(key) ?? fittingOutline(schema, limit);
  outlines.set(key, known);
  return known;
}

/** Tools share their filters, and an import outlines the old tools and the new. */
const outlines = new Map<string, string>();

function fittingOutline(schema: Schema, limit: number): string {
  const inner = typeOf(schema) === "array" ? (schema.items ?? {}) : schema;
  const { properties, required } = fieldsOf(inner);
  const names = listedNames(properties);
  if (names.length === 0) return outline(schema, details.at(-1) as Detail, 1);
  const choices = names.map((name): FieldChoice => {
    const textAt = (detail: Detail) => field(name, properties[name] as Schema, required.includes(name), detail);
    return { texts: details.map(textAt), level: 0 };
  });
  const text = () => {
    const fields = choices.map(({ texts, level }) => texts[level] as string);
    const list = `{${[...shortened(fields), ...leftOut(properties)].join(",")}}`;
    return inner === schema ? list : `[${list}]`;
  };
  for (let level = 1; level < details.length; level++) {
    for (const choice of choices) {
      const before = choice.level;
      choice.level = level;
      const changed = choice.texts[level] !== choice.texts[before];
      if (changed && text().length > limit) choice.level = before;
    }
  }
  return text();
}

/** A field's text at each level of detail, and the level that is shown. */
interface FieldChoice {
  readonly texts: readonly string[];
  level: number;
}

function field(name: string, schema: Schema, required: boolean, detail: Detail): string {
  const head = `${name}${required ? "*" : ""}`;
  const inner = outline(schema, detail, detail.depth);
  const saysNothing = inner === "string" || inner === "any" || (!detail.types && !/[{[]./.test(inner));
  return saysNothing || inner === "…" ? head : `${head}:${inner}`;
}

function outline(schema: Schema, detail: Detail, depth: number): string {
  const type = typeOf(schema);
  const unionVariants = variantsOf(schema);
  // Of several JSON types the first is the usual one; the overlay orders them so.
  if (type === undefined && unionVariants.some((variant) => typeOf(variant) === "array"))
    return outline(unionVariants[0] as Schema, detail, depth);
  if (schema.enum) return detail.enumValues > 0 ? enumText(schema, detail.enumValues) : "string";
  if (type === "array") {
    const items = schema.items ?? {};
    return depth === 0 && isObject(items) ? "list" : `[${outline(items, detail, depth)}]`;
  }
  if (isObject(schema)) return objectOutline(schema, detail, depth);
  if (type === undefined) {
    const variants = unionVariants.filter((variant) => variant !== schema);
    const outlines = new Set(variants.map((variant) => outline(variant, detail, depth)));
    return [...outlines].join("|") || "any";
  }
  return `${type}${schema.nullable ? "|null" : ""}`;
}

const isObject = (schema: Schema) =>
  typeOf(schema) === "object" || variantsOf(schema).some((variant) => variant.properties !== undefined);

function objectOutline(schema: Schema, detail: Detail, depth: number): string {
  const { properties, required } = fieldsOf(schema);
  const names = listedNames(properties);
  if (names.length === 0 || depth === 0) return "object";
  const inner = { ...detail, depth: depth - 1 };
  const fields = names.map((name) => field(name, properties[name] as Schema, required.includes(name), inner));
  return `{${[...shortened(fields), ...leftOut(properties)].join(",")}}`;
}

/** Fields that the overlay marks `x-listed: false` are for describe_tool alone: rare ones, of which there are many. */
function listedNames(properties: Readonly<Record<string, Schema>>): string[] {
  return Object.keys(properties).filter((name) => properties[name]?.["x-listed"] !== false);
}

/** Says that there are more fields than are named. */
function leftOut(properties: Readonly<Record<string, Schema>>): string[] {
  return listedNames(properties).length < Object.keys(properties).length ? ["…"] : [];
}

function shortened(fields: readonly string[]): string[] {
  return groupPrefixes(pairRanges(fields));
}

/** Three neighbours or more that share their first words share them once: `aws_{region,role_arn,auth_type}`. */
function groupPrefixes(fields: readonly string[]): string[] {
  const firstWord = (field: string) => (field.includes("_") ? /^([A-Za-z]+)_\w+\*?$/.exec(field)?.[1] : undefined);
  const groups: string[][] = [];
  for (const field of fields) {
    const last = groups.at(-1);
    const word = firstWord(field);
    if (last && word !== undefined && firstWord(last[0] as string) === word) last.push(field);
    else groups.push([field]);
  }
  return groups.flatMap((group) => (group.length < 3 ? group : [joinPrefix(group)]));
}

function joinPrefix(group: readonly string[]): string {
  const words = group.map((field) => field.split("_"));
  let shared = 1;
  while (words.every((list) => list.length > shared + 1 && list[shared] === words[0]?.[shared])) shared++;
  const prefix = words[0]?.slice(0, shared).join("_");
  return `${prefix}_{${words.map((list) => list.slice(shared).join("_")).join(",")}}`;
}

/** `cost_min,cost_max,units_min,units_max` says no more than `cost|units_min/max`. */
function pairRanges(fields: readonly string[]): readonly string[] {
  const names = new Set(fields.map(nameOf));
  const stems: string[] = [];
  for (const name of names) {
    if (!name.endsWith("_min")) continue;
    const stem = name.slice(0, -"_min".length);
    if (names.has(`${stem}_max`)) stems.push(stem);
  }
  if (stems.length === 0) return fields;
  const paired = new Set(stems.flatMap((stem) => [`${stem}_min`, `${stem}_max`]));
  const others = fields.filter((field) => !paired.has(nameOf(field)));
  return [`${stems.join("|")}_min/max`, ...others];
}

/** The name in `name:type`. */
function nameOf(field: string): string {
  return field.split(":")[0] as string;
}

/** Enum values as `a|b|c`, the tail elided: Portkey accepts more than its document lists, so they are hints. */
export function enumText(schema: Schema, most: number): string {
  const values = (schema.enum ?? []).filter((value) => value !== null).map(String);
  const shown = values.length > most ? [...values.slice(0, most), "…"] : values;
  return [...shown, ...(schema.nullable ? ["null"] : [])].join("|");
}
