/** Finds the place of each argument: the record's; for unknown ones the body of a write, else the query. */
import type { Place, ToolRecord } from "../../catalog/record.ts";

const WRITES_BODY: ReadonlySet<string | undefined> = new Set(["POST", "PUT", "PATCH"]);

/** The place of an unknown argument; undefined for a tool without a request of its own. */
export function unknownPlace({ method, source }: ToolRecord): "body" | "query" | undefined {
  if (method === undefined || source === "composite") return undefined;
  return WRITES_BODY.has(method) ? "body" : "query";
}

/** Whether the record declares an argument of this name. */
export function isDeclared(record: ToolRecord, name: string): boolean {
  return (
    record.arguments.some((argument) => argument.name === name) ||
    (record.body === "fields-or-list" && name === "entries")
  );
}

/** The place of an argument of a call. */
export function findPlace(record: ToolRecord, name: string): Place | undefined {
  return record.arguments.find((argument) => argument.name === name)?.place ?? unknownPlace(record);
}
