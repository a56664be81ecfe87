/**
 * Which tool shows what became of a call whose outcome is unknown: the call itself where it only reads, else the one
 * that reads the object it was aimed at, or the list that the object would be in.
 */
import type { Catalogue } from "./lookup.ts";
import { readerOf } from "./readers.ts";

/** The name of that tool; undefined where there is none. */
export function checkWith(catalogue: Catalogue, tool: string): string | undefined {
  const record = catalogue.find(tool)?.record;
  if (record === undefined || record.risk === "read") return record?.name;
  return readerOf(catalogue.records, record)?.name;
}
