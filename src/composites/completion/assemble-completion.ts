/** Puts the chunks of a streamed completion back together into the answer that would have come in one piece. */
import { isObject, type Json } from "../../catalog/json.ts";
import { numberOf, objectsIn } from "../values/portkey-values.ts";

type Mutable = Record<string, unknown>;

/** Text members of a delta that arrive piece by piece; every other member arrives whole. */
const PIECES = new Set(["content", "refusal", "reasoning", "reasoning_content", "arguments", "text", "thinking"]);

/** Collects chunks in OpenAI's chat and text shapes. Of a member that neither shape names, the latest value is kept. */
export class CompletionAssembly {
  readonly #top: Mutable = {};
  readonly #choices = new Map<number, Mutable>();
  #chunks = 0;

  get chunks(): number {
    return this.#chunks;
  }

  add(chunk: Json): void {
    this.#chunks += 1;
    const { choices, ...rest } = chunk;
    for (const [name, value] of Object.entries(rest)) {
      if (value !== null || !(name in this.#top)) this.#top[name] = value;
    }
    for (const choice of objectsIn(Array.isArray(choices) ? choices : [])) this.#addChoice(choice);
  }

  /** The whole answer so far. */
  answer(): Json {
    const choices = [...this.#choices.entries()].sort(([a], [b]) => a - b).map(([, choice]) => choice);
    const object = this.#top["object"];
    return { ...this.#top, ...(typeof object === "string" && { object: object.replace(/\.chunk$/, "") }), choices };
  }

  #addChoice(choice: Json): void {
    const index = numberOf(choice["index"]) ?? 0;
    const whole = this.#choices.get(index) ?? { index };
    this.#choices.set(index, whole);
    const { delta, ...rest } = choice;
    merge(whole, { ...rest, index });
    if (isObject(delta)) {
      const message = isObject(whole["message"]) ? whole["message"] : { role: "assistant", content: null };
      whole["message"] = message;
      merge(message, delta);
    }
  }
}

function merge(whole: Mutable, part: Json): void {
  for (const [name, value] of Object.entries(part)) {
    const before = whole[name];
    if (value === null || value === undefined) {
      if (!(name in whole)) whole[name] = value;
    } else if (PIECES.has(name) && typeof value === "string" && typeof before === "string")
      whole[name] = before + value;
    else if (Array.isArray(value)) whole[name] = mergeList(Array.isArray(before) ? (before as unknown[]) : [], value);
    else if (isObject(value) && isObject(before)) merge(before, value);
    else whole[name] = isObject(value) ? structuredClone(value) : value;
  }
}

/** Tool calls come in pieces that name their place by `index`; other lists come in pieces that follow each other. */
function mergeList(whole: unknown[], parts: readonly unknown[]): unknown[] {
  for (const part of parts) {
    const index = isObject(part) ? numberOf(part["index"]) : undefined;
    if (!isObject(part) || index === undefined) {
      whole.push(part);
      continue;
    }
    const at = whole.find((each): each is Mutable => isObject(each) && each["index"] === index);
    if (at === undefined) whole.push(structuredClone(part));
    else merge(at, part);
  }
  return whole;
}
