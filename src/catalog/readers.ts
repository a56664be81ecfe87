/** Finds the tools that read or update the object of a call. */
import type { ToolRecord } from "./record.ts";

/**
 * The tool that reads the object of a call, or the list that it would be in: the one with the same path, or with the
 * nearest parent path that can be read; undefined where there is none.
 */
export function findReader(
  records: readonly ToolRecord[],
  record: Pick<ToolRecord, "path">,
  admits: (reader: ToolRecord) => boolean = () => true,
): ToolRecord | undefined {
  for (let path = record.path ?? ""; path !== ""; path = path.slice(0, path.lastIndexOf("/"))) {
    const reader = records.find(
      (other) => other.risk === "read" && other.method === "GET" && other.path === path && admits(other),
    );
    if (reader !== undefined) return reader;
  }
  return undefined;
}

/** The tool that updates objects at the record's path: PUT of that path, or of it with an id behind. */
export function findUpdater(records: readonly ToolRecord[], record: Pick<ToolRecord, "path">): ToolRecord | undefined {
  const path = record.path ?? "";
  return records.find(
    (other) => other.method === "PUT" && other.risk === "update" && other.path?.replace(/\/\{\w+\}$/, "") === path,
  );
}
