/**
 * Finds the tool that shows whether a call took effect, for a call whose outcome is unknown: the tool itself where it
 * only reads, else the one that reads the object in question, or the list that the object would be in.
 */
import type { Catalogue } from "./lookup.ts";
import { findReader } from "./readers.ts";

/** The name of that tool; undefined where there is none. */
export function findCheckTool(catalogue: Catalogue, tool: string): string | undefined {
  const record = catalogue.find(tool)?.record;
  if (record === undefined || record.risk === "read") return record?.name;
  return findReader(catalogue.records, record)?.name;
}
