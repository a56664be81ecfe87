/**
 * What the argument is called by which a caller asks for one kind of Portkey key. Tools of the API that have a `key` of
 * their own, a provider's secret, take it as `portkey_key`.
 */
import type { ToolRecord } from "./record.ts";

export type KeyArgument = "key" | "portkey_key";

/** The argument's name. Where `hasKeyChoice` is false, it may only repeat what the tool takes anyway. */
export function keyArgumentOf({ arguments: known }: Pick<ToolRecord, "arguments">): KeyArgument {
  return known.some(({ name, place }) => name === "key" && place !== "own") ? "portkey_key" : "key";
}

/** Whether both kinds of key serve a tool. */
export function hasKeyChoice({ key }: Pick<ToolRecord, "key">): boolean {
  return key === "any";
}
