/**
 * Names the argument by which a caller chooses the kind of Portkey key: `key`, or `portkey_key` for tools whose
 * operation has an argument `key` of its own, such as a provider's secret.
 */
import type { ToolRecord } from "./record.ts";

export type KeyArgument = "key" | "portkey_key";

/** The argument's name. Where `hasKeyChoice` is false, its only valid value is the kind that the tool takes anyway. */
export function keyArgumentName({ arguments: known }: Pick<ToolRecord, "arguments">): KeyArgument {
  return known.some(({ name, place }) => name === "key" && place !== "own") ? "portkey_key" : "key";
}

/** Whether both kinds of key serve a tool. */
export function hasKeyChoice({ key }: Pick<ToolRecord, "key">): boolean {
  return key === "any";
}
