/** Notes that a list is filtered by default: where a filter is absent, the API uses a value that excludes items. */
import type { ToolRecord } from "../../catalog/record.ts";
import { findList } from "./lists.ts";

/** Notes on an answer; empty for most. `values` are the call's arguments by name. */
export function filterNotes(
  { arguments: known }: Pick<ToolRecord, "arguments">,
  values: Readonly<Record<string, unknown>>,
  body: unknown,
): string[] {
  const absent = known.filter(({ name, filtersBy }) => filtersBy !== undefined && values[name] === undefined);
  if (absent.length === 0 || findList(body) === undefined) return [];
  return absent.map(({ name, filtersBy }) => `Only those with ${name} "${filtersBy}" are listed, its default.`);
}
