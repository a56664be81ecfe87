/**
 * Operations of the organisation as a whole: its audit log and its defaults.
 */
import type { Handler } from "./call.ts";
import { updateDocument } from "./singletons.ts";
import { applyFilters } from "../shapes/filters.ts";
import { takePage } from "../shapes/paging.ts";
import { parseTime } from "../shapes/row-filters.ts";
import { createJsonView } from "../shapes/views.ts";

const auditLog: Handler = (call) => {
  const from = parseTime("start_time", call.query["start_time"]);
  const until = parseTime("end_time", call.query["end_time"]);
  const entries = call.world.audit
    .filter(({ timestamp }) => Date.parse(timestamp) >= from && Date.parse(timestamp) <= until)
    .reverse();
  return {
    page: takePage(
      call,
      applyFilters(
        call,
        entries.map((entry) => createJsonView(String(entry["request_id"]), entry)),
      ),
      { object: "analytics-graph" },
    ),
  };
};

const readDefaults: Handler = (call) => ({
  one: createJsonView("defaults", {
    input_guardrails: [],
    output_guardrails: [],
    ...call.world.store.document("/admin/organisation/defaults"),
  }),
});

export const organisationHandlers: Readonly<Record<string, Handler>> = {
  "GET /admin/organisation/defaults": readDefaults,
  // An object with two lists, which would otherwise be treated as a derived list.
  "PUT /admin/organisation/defaults": updateDocument,
  "GET /audit-logs": auditLog,
};
