/** download_log_export: returns the signed link; on request waits for the job first, and reads the first rows. */
import { isObject } from "../../catalog/json.ts";
import type { Composite } from "../composite.ts";
import { readWholeNumber } from "../values/check-arguments.ts";
import { readObject, asText } from "../values/portkey-values.ts";
import { readOptional } from "../steps/read-optional.ts";
import { readExportRows } from "../exports/read-export-rows.ts";
import { waitForExport } from "../exports/wait-for-export.ts";

const TOOL = "download_log_export";
/** Seconds to wait by default: less than the usual timeout of clients. */
const defaultWait = 120;
const longestWait = 3600;
const mostRows = 1000;
/** Bytes of rows: well within the limit of a result. */
const mostRowBytes = 30_000;

export const composite: Composite<"download-log-export"> = async (args, context) => {
  const exportId = args.export_id;
  const rows = readWholeNumber(TOOL, args, "rows", { least: 1, most: mostRows, byDefault: 0 });
  if (args.wait === true) {
    const seconds = readWholeNumber(TOOL, args, "wait_seconds", {
      least: 1,
      most: longestWait,
      byDefault: defaultWait,
    });
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
  const link = asText(readObject(body)["signed_url"]);
  const answer = isObject(body) ? body : { answer: body };
  if (rows === 0 || link === undefined) return answer;
  // The link is the main result, so a failure to read rows must not fail the call.
  const read = await readOptional(
    () => readExportRows(link, rows, mostRowBytes, context),
    (message) => ({ rows_unread: message }),
  );
  return { ...answer, ...read };
};
