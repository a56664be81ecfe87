/** The sentence about a call whose answer is missing: whether it may have taken effect, and how to find out. */
import type { ToolRecord } from "../../catalog/record.ts";

/** `reader` is the tool that shows the object, or the list that it would be in. */
export function unknownOutcomeText(record: ToolRecord, reader?: string): string {
  if (record.risk === "read") return `It only reads: it is safe to call ${record.name} again.`;
  const outcome = "Whether it took effect is unknown";
  const own = record.onError?.["unknown"];
  if (own !== undefined) return `${outcome}: ${own}`;
  if (record.idempotent) {
    const look = reader === undefined ? "" : ` ${reader} shows what stands there.`;
    return `${outcome}; repeating the same call is safe.${look}`;
  }
  return `${outcome}: read the object${reader === undefined ? "" : ` with ${reader}`} before trying again.`;
}
