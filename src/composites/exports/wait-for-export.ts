/** Polls a log export until it has finished, at growing intervals. */
import { ownMember } from "../../catalog/json.ts";
import type { Json } from "../../catalog/json.ts";
import { setTimeout as delay } from "node:timers/promises";
import { PortkeyMcpError } from "../../errors/errors.ts";
import { wordOrQuoted } from "../../errors/foreign-text.ts";
import type { CompositeContext } from "../composite.ts";
import { readObject, asText } from "../values/portkey-values.ts";

/** Milliseconds. The longest interval is well below the 30 s after which clients give up a call without progress. */
const polling = { first: 250, factor: 1.6, slowest: 5000 };

const FINISHED = new Set(["success", "completed", "done"]);
const ENDED: Readonly<Record<string, string>> = {
  draft: "It has not been started: call start_log_export first.",
  failed: "It failed: check its filters with get_log_export, then start_log_export again.",
  stopped: "It was stopped: start_log_export runs it again.",
  cancelled: "It was cancelled: start_log_export runs it again.",
};

/** The finished export; undefined where it takes longer than `seconds`. Throws PORTKEY where it will not finish. */
export async function waitForExport(
  context: CompositeContext,
  exportId: string,
  seconds: number,
): Promise<Json | undefined> {
  const started = performance.now();
  let pause = polling.first;
  for (let count = 1; ; count++) {
    const found = readObject((await context.call("get_log_export", { export_id: exportId })).body);
    const status = wordOrQuoted((asText(found["status"]) ?? "unknown").toLowerCase(), 40);
    if (FINISHED.has(status)) return found;
    const ended = ownMember(ENDED, status);
    if (ended !== undefined)
      throw new PortkeyMcpError("PORTKEY", `The export ${exportId} has the status ${status}. ${ended}`, {
        exportStatus: status,
      });
    const waited = (performance.now() - started) / 1000;
    context.progress(count, undefined, `${status} after ${Math.round(waited)} s`);
    if (waited + pause / 1000 > seconds) return undefined;
    await delay(pause, undefined, { signal: context.signal });
    pause = Math.min(pause * polling.factor, polling.slowest);
  }
}
