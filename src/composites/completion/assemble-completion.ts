/**
 * Puts the chunks of a streamed completion back together into the answer that would have come in one piece. Members
 * are collected under whatever names the chunks have, so nothing here has a prototype that a name could reach.
 */
import { isObject, type Json } from "../../catalog/json.ts";
import { isDeeper } from "../../errors/nesting.ts";
import { BOUNDS } from "../../errors/bounds.ts";
import { PortkeyMcpError } from "../../errors/errors.ts";
import { numberOf, objectsIn } from "../values/portkey-values.ts";

/** An object while it is put together. */
type Whole = Map<string, Part>;
/** A list while it is put together, and its items by their `index`. */
interface WholeList {
  readonly items: Part[];
  readonly byIndex: Map<number, Whole>;
}
type Part = Whole | WholeList | string | number | boolean | null | undefined;

/** Text members of a delta that arrive piece by piece; every other member arrives whole. */
const PIECES = new Set(["content", "refusal", "reasoning", "reasoning_content", "arguments", "text", "thinking"]);

/** Collects chunks in OpenAI's chat and text shapes. Of a member that neither shape names, the latest value is kept. */
export class CompletionAssembly {
  readonly #top: Whole = new Map();
  readonly #choices = new Map<number, Whole>();
  #chunks = 0;

  get chunks(): number {
    return this.#chunks;
  }

  /** Throws UNREACHABLE where the chunk is nested deeper than is walked through. */
  add(chunk: Json): void {
    if (isDeeper(chunk, BOUNDS.depth))
      throw new PortkeyMcpError("UNREACHABLE", `A piece of it is nested deeper than ${BOUNDS.depth} levels.`);
    this.#chunks += 1;
    const { choices, ...rest } = chunk;
    for (const [name, value] of Object.entries(rest)) {
      if (value !== null || !this.#top.has(name)) this.#top.set(name, partOf(value));
    }
    for (const choice of objectsIn(Array.isArray(choices) ? choices : [])) this.#addChoice(choice);
  }

  /** The whole answer so far. */
  answer(): Json {
    const choices = [...this.#choices.entries()].sort(([a], [b]) => a - b).map(([, choice]) => valueOf(choice));
    const top = valueOf(this.#top) as Json;
    const object = top["object"];
    return { ...top, ...(typeof object === "string" && { object: object.replace(/\.chunk$/, "") }), choices };
  }

  #addChoice(choice: Json): void {
    const index = numberOf(choice["index"]) ?? 0;
    const whole = this.#choices.get(index) ?? new Map<string, Part>([["index", index]]);
    this.#choices.set(index, whole);
    const { delta, ...rest } = choice;
    merge(whole, { ...rest, index });
    if (!isObject(delta)) return;
    const before = whole.get("message");
    const message =
      before instanceof Map
        ? before
        : new Map<string, Part>([
            ["role", "assistant"],
            ["content", null],
          ]);
    whole.set("message", message);
    merge(message, delta);
  }
}

function merge(whole: Whole, part: Json): void {
  for (const [name, value] of Object.entries(part)) {
    const before = whole.get(name);
    if (value === null || value === undefined) {
      if (!whole.has(name)) whole.set(name, value);
    } else if (PIECES.has(name) && typeof value === "string" && typeof before === "string")
      whole.set(name, before + value);
    else if (Array.isArray(value)) whole.set(name, mergeList(isList(before) ? before : newList(), value));
    else if (isObject(value) && before instanceof Map) merge(before, value);
    else whole.set(name, partOf(value));
  }
}

/** Tool calls come in pieces that name their place by `index`; other lists come in pieces that follow each other. */
function mergeList(whole: WholeList, parts: readonly unknown[]): WholeList {
  for (const part of parts) {
    const index = isObject(part) ? numberOf(part["index"]) : undefined;
    const before = index === undefined ? undefined : whole.byIndex.get(index);
    if (before !== undefined && isObject(part)) {
      merge(before, part);
      continue;
    }
    const item = partOf(part);
    whole.items.push(item);
    if (index !== undefined && item instanceof Map) whole.byIndex.set(index, item);
  }
  return whole;
}

function newList(): WholeList {
  return { items: [], byIndex: new Map() };
}

/** A list as it came, whatever indexes its items have; the first of an index is the one that others are merged into. */
function listOf(values: readonly unknown[]): WholeList {
  const list = newList();
  for (const value of values) {
    const item = partOf(value);
    list.items.push(item);
    const index = item instanceof Map ? numberOf(item.get("index")) : undefined;
    if (index !== undefined && !list.byIndex.has(index)) list.byIndex.set(index, item as Whole);
  }
  return list;
}

function isList(part: Part): part is WholeList {
  return typeof part === "object" && part !== null && !(part instanceof Map);
}

/** A chunk's value as a part that others can be merged into. */
function partOf(value: unknown): Part {
  if (Array.isArray(value)) return listOf(value);
  if (!isObject(value)) return value as Part;
  return new Map(Object.entries(value).map(([name, member]) => [name, partOf(member)]));
}

function valueOf(part: Part): unknown {
  if (part instanceof Map) return Object.fromEntries([...part].map(([name, member]) => [name, valueOf(member)]));
  return isList(part) ? part.items.map(valueOf) : part;
}
