/** Puts the chunks of a streamed completion back together into the answer that would have come in one piece. */
import { isObject, type Json } from "../../catalog/json.ts";
import { isDeeper } from "../../errors/nesting.ts";
import { BOUNDS } from "../../errors/bounds.ts";
import { PortkeyMcpError } from "../../errors/errors.ts";
import { numberOf, objectsIn } from "../values/portkey-values.ts";
import { jsonOf, MergedParts, type Whole } from "./merged-parts.ts";

/** Collects chunks in OpenAI's chat and text shapes. Of a member that neither shape names, the latest value is kept. */
export class CompletionAssembly {
  readonly #parts = new MergedParts();
  readonly #top: Whole = new Map();
  readonly #choices = new Map<number, Whole>();
  #chunks = 0;

  get chunks(): number {
    return this.#chunks;
  }

  /** Throws UNREACHABLE where the chunk is nested deeper than is walked through, or holds more than is kept. */
  add(chunk: Json): void {
    if (isDeeper(chunk, BOUNDS.depth))
      throw new PortkeyMcpError("UNREACHABLE", `A piece of it is nested deeper than ${BOUNDS.depth} levels.`);
    this.#chunks += 1;
    const { choices, ...rest } = chunk;
    for (const [name, value] of Object.entries(rest)) {
      const replaces = typeof value !== "object" && this.#top.has(name);
      if (value !== null || !this.#top.has(name)) this.#top.set(name, replaces ? value : this.#parts.keep(value));
    }
    for (const choice of objectsIn(Array.isArray(choices) ? choices : [])) this.#addChoice(choice);
  }

  /** The whole answer so far. */
  answer(): Json {
    const choices = [...this.#choices.entries()].sort(([a], [b]) => a - b).map(([, choice]) => jsonOf(choice));
    const top = jsonOf(this.#top) as Json;
    const object = top["object"];
    return { ...top, ...(typeof object === "string" && { object: object.replace(/\.chunk$/, "") }), choices };
  }

  #addChoice(choice: Json): void {
    const index = numberOf(choice["index"]) ?? 0;
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
