/**
 * An outline names what a folded schema holds, in the notation models read best for the fewest tokens:
 * `{mode*:single|loadbalance, targets:[{weight:number}]}`. A star marks a required key; a key without a type is a string.
 */
import type { Schema } from "./document.ts";
import { variantsOf, fieldsOf, typeOf } from "./schema.ts";

/** How much a field's outline says, from its bare name to all of it. */
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
 * An outline that names every field, however many; what is then left of `limit` characters goes to types, then to what
 * the fields hold, level by level in the fields' order.
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
  const names = Object.keys(properties);
  if (names.length === 0) return outline(schema, details.at(-1) as Detail, 1);
  const variants = names.map((name) =>
    details.map((detail) => field(name, properties[name] as Schema, required.includes(name), detail)),
  );
  const level = names.map(() => 0);
  const text = () => {
    const list = `{${shortened(variants.map((options, index) => options[level[index] as number] as string)).join(",")}}`;
    return inner === schema ? list : `[${list}]`;
  };
  for (let next = 1; next < details.length; next++) {
    for (let index = 0; index < names.length; index++) {
      const before = level[index] as number;
      const says = (detail: number) => variants[index]?.[detail];
      level[index] = next;
      if (says(next) !== says(before) && text().length > limit) level[index] = before;
    }
  }
  return text();
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
  if (type === "array")
    return depth === 0 && isObject(schema.items ?? {}) ? "list" : `[${outline(schema.items ?? {}, detail, depth)}]`;
  if (isObject(schema)) return objectOutline(schema, detail, depth);
  if (type === undefined)
    return (
      [
        ...new Set(
          unionVariants.filter((variant) => variant !== schema).map((variant) => outline(variant, detail, depth)),
        ),
      ].join("|") || "any"
    );
  return `${type}${schema.nullable ? "|null" : ""}`;
}

const isObject = (schema: Schema) =>
  typeOf(schema) === "object" || variantsOf(schema).some((variant) => variant.properties !== undefined);

function objectOutline(schema: Schema, detail: Detail, depth: number): string {
  const { properties, required } = fieldsOf(schema);
  const names = Object.keys(properties);
  if (names.length === 0 || depth === 0) return "object";
  return `{${shortened(names.map((name) => field(name, properties[name] as Schema, required.includes(name), { ...detail, depth: depth - 1 }))).join(",")}}`;
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
  if (!fields.some((field) => field.includes("_min"))) return fields;
  const bare = new Map(fields.map((field) => [field.split(":")[0] as string, field]));
  const stems = [...bare.keys()]
    .filter((name) => name.endsWith("_min") && bare.has(name.replace(/_min$/, "_max")))
    .map((name) => name.replace(/_min$/, ""));
  if (stems.length === 0) return [...fields];
  const paired = new Set(stems.flatMap((stem) => [`${stem}_min`, `${stem}_max`]));
  return [`${stems.join("|")}_min/max`, ...[...bare].filter(([name]) => !paired.has(name)).map(([, field]) => field)];
}

/** Enum values as `a|b|c`, the tail elided: Portkey accepts more than its document lists, so they are hints. */
export function enumText(schema: Schema, most: number): string {
  const values = (schema.enum ?? []).filter((value) => value !== null).map(String);
  const shown = values.length > most ? [...values.slice(0, most), "…"] : values;
  return [...shown, ...(schema.nullable ? ["null"] : [])].join("|");
}
