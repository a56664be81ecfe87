/**
 * Which tool shows what became of a call whose outcome is unknown: the call itself where it only reads, else the one
 * that reads the object it was aimed at, or the list that the object would be in.
 */
import type { Catalogue } from "./lookup.ts";

/** The name of that tool; undefined where there is none. */
export function checkWith(catalogue: Catalogue, tool: string): string | undefined {
  const record = catalogue.find(tool)?.record;
  if (record === undefined || record.risk === "read") return record?.name;
  for (let path = record.path ?? ""; path !== ""; path = path.slice(0, path.lastIndexOf("/"))) {
    const reader = catalogue.records.find(
      (candidate) => candidate.risk === "read" && candidate.method === "GET" && candidate.path === path,
    );
    if (reader !== undefined) return reader.name;
  }
  return undefined;
}
