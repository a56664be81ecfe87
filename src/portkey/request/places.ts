/** Where each argument of a call goes: as its record says; unknown ones into the body of a write, else the query. */
import type { Place, ToolRecord } from "../../catalog/record.ts";

const WRITES_BODY: ReadonlySet<string | undefined> = new Set(["POST", "PUT", "PATCH"]);

/** Where a field goes that the record does not know; undefined where nothing is sent, so there is no place for it. */
export function placeOfUnknown({ method, source }: ToolRecord): "body" | "query" | undefined {
  if (method === undefined || source === "composite") return undefined;
  return WRITES_BODY.has(method) ? "body" : "query";
}

/** Whether the record knows an argument of this name. */
export function isDeclared(record: ToolRecord, name: string): boolean {
  return (
    record.arguments.some((argument) => argument.name === name) ||
    (record.body === "fields-or-list" && name === "entries")
  );
}

/** The place of an argument of a call. */
export function placeOf(record: ToolRecord, name: string): Place | undefined {
  return record.arguments.find((argument) => argument.name === name)?.place ?? placeOfUnknown(record);
}
