/**
 * An outline lists the fields of an object in a short notation that models read well:
 * `{mode*:single|loadbalance, targets:[{weight:number}]}`.
 * A star marks a required key. A key without a type is a string.
 */
import type { Schema } from "../read/document.ts";
import { nameOf } from "./outline-text.ts";
import { variantsOf, fieldsOf, typeOf } from "./schema.ts";
import { isListed } from "./unlisted.ts";

/** The level of detail of a field in an outline. */
interface Detail {
  readonly depth: number;
  readonly enumValues: number;
  /** The field names of the outermost object, joined. An inner object with the same names is a recursion: `{…}`. */
  readonly outer?: string;
}

const details: readonly [Detail, ...Detail[]] = [
  { depth: 0, enumValues: 0 },
  { depth: 0, enumValues: 8 },
  { depth: 1, enumValues: 0 },
  { depth: 1, enumValues: 8 },
  { depth: 2, enumValues: 8 },
  { depth: 4, enumValues: 8 },
];

/**
 * The outline of an object or a list of objects. It has every field with its type, except fields marked as not listed.
 * Fields named in `opened` are shown at full depth and do not count towards `limit` (in characters). The rest of the
 * limit is used for enum values and inner fields of the others: level by level, in the order of the fields.
 */
export function outlineOf(schema: Schema, limit: number, opened: readonly string[] = []): string {
  const key = `${limit} ${opened.join()} ${JSON.stringify(schema)}`;
  const known = outlines.get(key) ?? fittingOutline(schema, limit, opened);
  outlines.set(key, known);
  return known;
}

/** Cache: tools share filters, and an import makes the outlines of the old and of the new tools. */
const outlines = new Map<string, string>();

function fittingOutline(schema: Schema, limit: number, opened: readonly string[]): string {
  const inner = typeOf(schema) === "array" ? (schema.items ?? {}) : schema;
  const { properties, required } = fieldsOf(inner);
  const names = listedNames(properties);
  const deepest = details.length - 1;
  if (names.length === 0) return outline(schema, details[deepest] as Detail, 1);
  const choices = names.map((name): FieldChoice => {
    const textAt = (detail: Detail) =>
      field(name, properties[name] as Schema, required.includes(name), { ...detail, outer: names.join() });
    return { texts: details.map(textAt), level: opened.includes(name) ? deepest : 0 };
  });
  const closed = choices.filter(({ level }) => level === 0);
  // Opened fields do not count towards the limit.
  const most =
    limit + choices.reduce((sum, { texts, level }) => sum + (level > 0 ? (texts[level]?.length ?? 0) : 0), 0);
  const text = () => {
    const fields = choices.map(({ texts, level }) => texts[level] as string);
    const list = `{${[...shortened(fields), ...leftOut(properties)].join(",")}}`;
    return inner === schema ? list : `[${list}]`;
  };
  for (let level = 1; level < details.length; level++) {
    for (const choice of closed) {
      const before = choice.level;
      choice.level = level;
      const changed = choice.texts[level] !== choice.texts[before];
      if (changed && text().length > most) choice.level = before;
    }
  }
  return text();
}

/** The texts of a field by level of detail, and the current level. */
interface FieldChoice {
  readonly texts: readonly string[];
  level: number;
}

function field(name: string, schema: Schema, required: boolean, detail: Detail): string {
  const head = `${name}${required ? "*" : ""}`;
  const inner = outline(schema, detail, detail.depth);
  return inner === "string" || inner === "any" || inner === "…" ? head : `${head}:${inner}`;
}

function outline(schema: Schema, detail: Detail, depth: number): string {
  const type = typeOf(schema);
  const unionVariants = variantsOf(schema);
  // Of several JSON types the overlay puts the most common one first.
  if (type === undefined && unionVariants.some((variant) => typeOf(variant) === "array"))
    return outline(unionVariants[0] as Schema, detail, depth);
  if (schema.enum) return detail.enumValues > 0 ? enumText(schema, detail.enumValues) : (type ?? "string");
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
  return type;
}

const isObject = (schema: Schema) =>
  typeOf(schema) === "object" || variantsOf(schema).some((variant) => variant.properties !== undefined);

function objectOutline(schema: Schema, detail: Detail, depth: number): string {
  const { properties, required } = fieldsOf(schema);
  const names = listedNames(properties);
  if (names.length === 0 || depth === 0) return "object";
  if (names.join() === detail.outer) return "{…}";
  const inner = { ...detail, depth: depth - 1 };
  const fields = names.map((name) => field(name, properties[name] as Schema, required.includes(name), inner));
  return `{${[...shortened(fields), ...leftOut(properties)].join(",")}}`;
}

function listedNames(properties: Readonly<Record<string, Schema>>): string[] {
  return Object.keys(properties).filter((name) => isListed(properties[name]));
}

/** `…` if some fields are not listed. */
function leftOut(properties: Readonly<Record<string, Schema>>): string[] {
  return listedNames(properties).length < Object.keys(properties).length ? ["…"] : [];
}

function shortened(fields: readonly string[]): string[] {
  return groupPrefixes(pairRanges(fields));
}

/** Writes the common first words of three or more consecutive fields once: `aws_{region,role_arn,auth_type}`. */
function groupPrefixes(fields: readonly string[]): string[] {
  const firstWord = (field: string) => /^([A-Za-z]+)_\w+\*?$/.exec(nameOf(field))?.[1];
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
  const words = group.map((field) => nameOf(field).split("_"));
  let shared = 1;
  while (words.every((list) => list.length > shared + 1 && list[shared] === words[0]?.[shared])) shared++;
  const prefix = `${words[0]?.slice(0, shared).join("_")}_`;
  return `${prefix}{${group.map((field) => field.slice(prefix.length)).join(",")}}`;
}

/** Joins ranges: `cost_min:number,cost_max:number,units_min:number,units_max:number` is `cost|units_min/max:number`. */
function pairRanges(fields: readonly string[]): readonly string[] {
  const types = new Map(fields.map((field) => [nameOf(field), typeNamed(field)]));
  const stems = [...types.keys()]
    .filter((name) => name.endsWith("_min") && types.has(name.replace(/_min$/, "_max")))
    .map((name) => name.slice(0, -"_min".length));
  const paired = new Set(stems.flatMap((stem) => [`${stem}_min`, `${stem}_max`]));
  const ranges = [...new Set(stems.map((stem) => types.get(`${stem}_min`)))].map((type) => {
    const alike = stems.filter((stem) => types.get(`${stem}_min`) === type);
    return `${alike.join("|")}_min/max${type}`;
  });
  return [...ranges, ...fields.filter((field) => !paired.has(nameOf(field)))];
}

/** The type of a field with its colon: `:number` also for an integer, empty for a string. */
function typeNamed(field: string): string {
  return field.slice(nameOf(field).length).replace("integer", "number");
}

/**
 * Enum values as `a|b|c`, at most `most` of them and then `…`. They are hints: Portkey accepts more values than its
 * document lists. Of values that differ only in letter case, the first is shown.
 */
export function enumText(schema: Schema, most: number): string {
  const all = (schema.enum ?? []).filter((value) => value !== null).map(String);
  const values = all.filter(
    (value, at) => all.findIndex((other) => other.toLowerCase() === value.toLowerCase()) === at,
  );
  const shown = values.length > most ? [...values.slice(0, most), "…"] : values;
  return [...shown, ...(schema.nullable ? ["null"] : [])].join("|");
}
