/**
 * Finds the places of a call that take an object's id, where `name:Dev` may be written instead. Only arguments that are
 * ids count, and members of objects that hold one: texts such as a prompt or a log's body are data.
 */
import { isObject } from "../../catalog/json.ts";
import type { ToolRecord } from "../../catalog/record.ts";
import { goesBySlug, kindOfArgument, kindOfField, type KindName } from "./object-kinds.ts";

type Values = Readonly<Record<string, unknown>>;

/** A place of a call with the id of an object, or a name instead of it. */
export interface IdPlace {
  readonly at: readonly (string | number)[];
  readonly kind: KindName;
  readonly text: string;
  /** Whether Portkey takes the object's slug here. */
  readonly bySlug: boolean;
  /** Whether the text may hold several, separated by commas. */
  readonly listed: boolean;
}

const PREFIX = "name:";
/** Written before an id that itself begins with PREFIX. */
const ESCAPE = "id:";

/** Arguments that are objects or lists with ids in their members. */
const HOLDERS = new Set(["workspaces", "users", "allowed_workspaces", "conditions", "defaults", "filters", "members"]);
/** Members of an item of such a list that identify the item itself. */
const ITEM_IDS = new Set(["id", "slug"]);
/** Members of a policy's condition whose kind follows from its `key`. */
const CONDITION_VALUES = new Set(["value", "excludes"]);
/** The kind of a condition's values, by its `key`. */
const CONDITION_KINDS: ReadonlyMap<unknown, KindName> = new Map<unknown, KindName>([
  ["workspace_id", "workspace"],
  ["api_key", "API key"],
  ["virtual_key", "virtual key"],
  ["config", "config"],
  ["prompt", "prompt"],
]);
const DEEPEST = 4;

/** The name in `name:Dev`; undefined for any other text. */
export function nameIn(text: string): string | undefined {
  return text.startsWith(PREFIX) ? text.slice(PREFIX.length) : undefined;
}

/** The id `name:x` in `id:name:x`; undefined for any other text. */
export function unescaped(text: string): string | undefined {
  return text.startsWith(ESCAPE + PREFIX) ? text.slice(ESCAPE.length) : undefined;
}

/** Every place of the call that holds an id, in the order of its arguments. */
export function idPlaces(record: Pick<ToolRecord, "path" | "domain" | "arguments">, values: Values): IdPlace[] {
  const places: IdPlace[] = [];
  for (const [name, value] of Object.entries(values)) {
    const argument = record.arguments.find((known) => known.name === name);
    const kind = kindOfArgument(record, name, argument);
    if (kind === undefined && !HOLDERS.has(name)) continue;
    const listed = argument?.place === "query" && typeof value === "string";
    collect(value, { kind, at: [name], bySlug: goesBySlug(name), listed }, places);
  }
  return places;
}

interface Where extends Pick<IdPlace, "at" | "bySlug" | "listed"> {
  readonly kind: KindName | undefined;
}

function collect(value: unknown, where: Where, places: IdPlace[]): void {
  const { kind, at } = where;
  if (typeof value === "string" && kind !== undefined) places.push({ ...where, kind, text: value });
  if (at.length > DEEPEST) return;
  if (Array.isArray(value)) value.forEach((item, index) => collect(item, { ...where, at: [...at, index] }, places));
  else if (isObject(value)) collectMembers(value, where, places);
}

function collectMembers(value: Record<string, unknown>, where: Where, places: IdPlace[]): void {
  const conditionKind = CONDITION_KINDS.get(value["key"]);
  const kindOf = (name: string) => {
    if (CONDITION_VALUES.has(name)) return conditionKind;
    return ITEM_IDS.has(name) ? where.kind : kindOfField(name);
  };
  for (const [name, member] of Object.entries(value)) {
    const kind = kindOf(name);
    if (kind === undefined) continue;
    collect(member, { ...where, kind, at: [...where.at, name], bySlug: where.bySlug || goesBySlug(name) }, places);
  }
}

/** The values with other texts at these places; parts without such a place are not copied. */
export function withTexts(
  values: Values,
  texts: readonly { readonly at: IdPlace["at"]; readonly text: string }[],
): Values {
  return texts.reduce<Values>((whole, { at, text }) => replaced(whole, at, text) as Values, values);
}

function replaced(value: unknown, [step, ...rest]: IdPlace["at"], text: string): unknown {
  if (step === undefined) return text;
  if (Array.isArray(value)) return value.map((item, index) => (index === step ? replaced(item, rest, text) : item));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, name === step ? replaced(member, rest, text) : member]),
  );
}
