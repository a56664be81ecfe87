/** Says of a list what an argument that was left out has left out of it: the API then takes a value of its own. */
import type { ToolRecord } from "../../catalog/record.ts";
import { findList } from "./lists.ts";

/** Notes on an answer; empty for most. `values` are the call's arguments by name. */
export function filterNotes(
  { arguments: known }: Pick<ToolRecord, "arguments">,
  values: Readonly<Record<string, unknown>>,
  body: unknown,
): string[] {
  const left = known.filter(({ name, filtersBy }) => filtersBy !== undefined && values[name] === undefined);
  if (left.length === 0 || findList(body) === undefined) return [];
  return left.map(({ name, filtersBy }) => `Only those with ${name} "${filtersBy}" are listed, its default.`);
}
