/** Finds the records that a tools/call would use, before it is made: a token's scopes are checked against them. */
import type { Catalogue } from "./lookup.ts";
import type { ToolRecord } from "./record.ts";

/** In discover mode, these tools call the one that their argument `name` names. */
const CALLERS = /^call_(read|write|destructive)_tool$/;

/** Empty for an unknown name and for tools without a record. */
export function calledRecords(catalogue: Catalogue, tool: string, args: unknown): readonly ToolRecord[] {
  const name = CALLERS.test(tool) ? (args as { name?: unknown } | null | undefined)?.name : tool;
  const found = typeof name === "string" ? catalogue.find(name) : undefined;
  return found === undefined ? [] : [found.record];
}
