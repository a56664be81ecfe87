/** download_log_export: the signed link. On request it waits for the job first, and reads the file's first rows. */
import { isObject } from "../../catalog/json.ts";
import type { Composite } from "../composite.ts";
import { wholeNumber } from "../values/check-arguments.ts";
import { objectIn, textOf } from "../values/portkey-values.ts";
import { readOptional } from "../steps/read-optional.ts";
import { readExportRows } from "../exports/read-export-rows.ts";
import { waitForExport } from "../exports/wait-for-export.ts";

const TOOL = "download_log_export";
/** Seconds to wait when the caller names none: below what clients give a call. */
const defaultWait = 120;
const longestWait = 3600;
const mostRows = 1000;
/** So that rows stay well within one result. */
const mostRowBytes = 30_000;

export const composite: Composite<"download-log-export"> = async (args, context) => {
  const exportId = args.export_id;
  const rows = wholeNumber(TOOL, args, "rows", { least: 1, most: mostRows, byDefault: 0 });
  if (args.wait === true) {
    const seconds = wholeNumber(TOOL, args, "wait_seconds", { least: 1, most: longestWait, byDefault: defaultWait });
    const found = await waitForExport(context, exportId, seconds);
    if (found === undefined) {
      return {
        status: "in_progress",
        export_id: exportId,
        waited_seconds: seconds,
        next: { tool: "download_log_export", arguments: args },
      };
    }
  }
  const { body } = await context.call("download_log_export", { export_id: exportId });
  const link = textOf(objectIn(body)["signed_url"]);
  const answer = isObject(body) ? body : { answer: body };
  if (rows === 0 || link === undefined) return answer;
  // The link is the answer that was asked for; without rows it still is.
  const read = await readOptional(
    () => readExportRows(link, rows, mostRowBytes, context),
    (message) => ({ rows_unread: message }),
  );
  return { ...answer, ...read };
};
