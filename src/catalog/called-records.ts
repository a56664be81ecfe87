/** The tools that a tools/call is aimed at, before it is made: what a token's scopes are judged by. */
import type { Catalogue } from "./lookup.ts";
import type { ToolRecord } from "./record.ts";

/** Discover mode's callers name the tool they call in their arguments. */
const CALLERS = /^call_(read|write|destructive)_tool$/;

/** Empty for an unknown name and for tools that reach nothing. */
export function calledRecords(catalogue: Catalogue, tool: string, args: unknown): readonly ToolRecord[] {
  const name = CALLERS.test(tool) ? (args as { name?: unknown } | null | undefined)?.name : tool;
  const found = typeof name === "string" ? catalogue.find(name) : undefined;
  return found === undefined ? [] : [found.record];
}
