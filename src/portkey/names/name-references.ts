/**
 * Finds the places of a call that hold an object's id, and what is written there: `name:Dev` instead of an id. Only
 * arguments that are ids are looked at, and of the objects inside them only the members that name one: a prompt's text
 * or a log's body is data, whatever it says.
 */
import { isObject } from "../../catalog/json.ts";
import type { ToolRecord } from "../../catalog/record.ts";
import { goesBySlug, kindOfArgument, kindOfField, type KindName } from "./object-kinds.ts";

type Values = Readonly<Record<string, unknown>>;

/** One id that a call gives. */
export interface IdPlace {
  readonly at: readonly (string | number)[];
  readonly kind: KindName;
  readonly text: string;
  /** Portkey knows the object by its slug here. */
  readonly bySlug: boolean;
  /** The argument holds several, divided by commas. */
  readonly listed: boolean;
}

const PREFIX = "name:";
/** An id that itself begins with the prefix is written with this before it. */
const ESCAPE = "id:";

/** Arguments that are objects or lists and hold ids in members of their own. */
const HOLDERS = new Set(["workspaces", "users", "allowed_workspaces", "conditions", "defaults", "filters", "members"]);
/** Of an item of such a list, the members that name the item itself. */
const ITEM_IDS = new Set(["id", "slug"]);
/** Of a condition, those that its key says the kind of. */
const CONDITION_VALUES = new Set(["value", "excludes"]);
/** Of a policy's conditions, what each key's values are. */
const CONDITION_KINDS: ReadonlyMap<unknown, KindName> = new Map<unknown, KindName>([
  ["workspace_id", "workspace"],
  ["api_key", "API key"],
  ["virtual_key", "virtual key"],
  ["config", "config"],
  ["prompt", "prompt"],
]);
const DEEPEST = 4;

/** The name in `name:Dev`; undefined where the text is none. */
export function nameIn(text: string): string | undefined {
  return text.startsWith(PREFIX) ? text.slice(PREFIX.length) : undefined;
}

/** `id:name:x` as the id `name:x`, which nothing else can be meant by. */
export function unescaped(text: string): string | undefined {
  return text.startsWith(ESCAPE + PREFIX) ? text.slice(ESCAPE.length) : undefined;
}

/** Every id that the call gives, in the order of its arguments. */
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

/** The values with other texts at these places; what is not on the way to one is the same object. */
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
