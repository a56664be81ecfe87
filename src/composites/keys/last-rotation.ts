/** Finds the last rotation of an API key in Portkey's audit log, since the key itself does not show it. */
import { isObject, type Json } from "../../catalog/json.ts";
import { readTime } from "../../catalog/times.ts";
import type { CompositeContext } from "../composite.ts";
import { asNumber, filterObjects, parseObject, asText } from "../values/portkey-values.ts";

export interface Rotation {
  /** ISO 8601. */
  readonly at: string;
  readonly oldSecretUntil: string;
}

/** Portkey's default for how long the old secret works. */
const DEFAULT_TRANSITION_MS = 1_800_000;
/** How far back rotations are searched: the transitions of earlier ones are over, unless longer than a week. */
const LOOK_BACK_MS = 7 * 86_400_000;

/** The newest rotation; undefined where there is none in the last week. Throws where the audit log cannot be read. */
export async function findLastRotation(context: CompositeContext, key: Json): Promise<Rotation | undefined> {
  const now = Date.now();
  const rows = filterObjects(
    await context.callAll("list_audit_logs", {
      organisation_id: key["organisation_id"],
      start_time: new Date(now - LOOK_BACK_MS).toISOString(),
      end_time: new Date(now + 60_000).toISOString(),
      method: "POST",
      current_page: 0,
      page_size: 100,
    }),
  );
  const path = `/api-keys/${String(key["id"])}/rotate`;
  const times = rows
    .filter((row) => asText(row["uri"])?.split("?")[0]?.endsWith(path) === true && isDone(row))
    .map((row) => ({ time: readTime(String(row["timestamp"] ?? row["created_at"])) ?? NaN, row }))
    .filter(({ time }) => !Number.isNaN(time))
    .sort((a, b) => b.time - a.time);
  const [newest] = times;
  return newest && toRotation(newest.time, newest.row);
}

function isDone(row: Json): boolean {
  const status = asNumber(row["response_status_code"]);
  return status === undefined || (status >= 200 && status < 300);
}

function toRotation(time: number, row: Json): Rotation {
  const body = parseObject(row["request_body"]);
  const period = isObject(body) ? asNumber(body["key_transition_period_ms"]) : undefined;
  return {
    at: new Date(time).toISOString(),
    oldSecretUntil: new Date(time + (period ?? DEFAULT_TRANSITION_MS)).toISOString(),
  };
}
