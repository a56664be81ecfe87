/** Which tools show what a write was about: the one that reads the object, and the list that it would be in. */
import type { ToolRecord } from "./record.ts";

/**
 * The tool that reads the object a call was aimed at, or the list that it would be in: the nearest path above that can
 * be read. undefined where there is none.
 */
export function readerOf(
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

/** The tool that writes what the list or object at a path holds: PUT of the object, which changes it. */
export function updaterOf(records: readonly ToolRecord[], record: Pick<ToolRecord, "path">): ToolRecord | undefined {
  const path = record.path ?? "";
  return records.find(
    (other) => other.method === "PUT" && other.risk === "update" && other.path?.replace(/\/\{\w+\}$/, "") === path,
  );
}
