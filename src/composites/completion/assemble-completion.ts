/** Assembles the chunks of a streamed completion to the answer that Portkey gives without streaming. */
import { isObject, type Json } from "../../catalog/json.ts";
import { isDeeper } from "../../errors/nesting.ts";
import { BOUNDS } from "../../errors/bounds.ts";
import { PortkeyMcpError } from "../../errors/errors.ts";
import { asNumber, filterObjects } from "../values/portkey-values.ts";
import { toJson, MergedParts, type Whole } from "./merged-parts.ts";

/** Collects chunks in OpenAI's chat and text formats. Of any other member, the latest value is kept. */
export class CompletionAssembly {
  readonly #parts = new MergedParts();
  readonly #top: Whole = new Map();
  readonly #choices = new Map<number, Whole>();
  #chunks = 0;

  get chunks(): number {
    return this.#chunks;
  }

  /** Throws UNREACHABLE where the chunk is nested too deep, or the answer becomes larger than its bounds. */
  add(chunk: Json): void {
    if (isDeeper(chunk, BOUNDS.depth))
      throw new PortkeyMcpError("UNREACHABLE", `A piece of it is nested deeper than ${BOUNDS.depth} levels.`);
    this.#chunks += 1;
    const { choices, ...rest } = chunk;
    for (const [name, value] of Object.entries(rest)) {
      const replaces = typeof value !== "object" && this.#top.has(name);
      if (value !== null || !this.#top.has(name)) this.#top.set(name, replaces ? value : this.#parts.keep(value));
    }
    for (const choice of filterObjects(Array.isArray(choices) ? choices : [])) this.#addChoice(choice);
  }

  /** The answer assembled so far. */
  answer(): Json {
    const choices = [...this.#choices.entries()].sort(([a], [b]) => a - b).map(([, choice]) => toJson(choice));
    const top = toJson(this.#top) as Json;
    const object = top["object"];
    return { ...top, ...(typeof object === "string" && { object: object.replace(/\.chunk$/, "") }), choices };
  }

  #addChoice(choice: Json): void {
    const index = asNumber(choice["index"]) ?? 0;
    const whole = this.#choices.get(index) ?? this.#newChoice(index);
    const { delta, ...rest } = choice;
    this.#parts.merge(whole, { ...rest, index });
    if (!isObject(delta)) return;
    const before = whole.get("message");
    const message: Whole =
      before instanceof Map
        ? (before as Whole)
        : new Map<string, unknown>([
            ["role", "assistant"],
            ["content", null],
          ]);
    whole.set("message", message);
    this.#parts.merge(message, delta);
  }

  #newChoice(index: number): Whole {
    if (this.#choices.size >= BOUNDS.completionChoices)
      throw new PortkeyMcpError("UNREACHABLE", `It holds more than ${BOUNDS.completionChoices} choices.`);
    const whole: Whole = new Map([["index", index]]);
    this.#choices.set(index, whole);
    return whole;
  }
}
