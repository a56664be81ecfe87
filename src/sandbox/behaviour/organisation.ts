/**
 * What belongs to the organisation as a whole: its audit log and its defaults.
 */
import type { Handler } from "./call.ts";
import { updateDocument } from "./singletons.ts";
import { applyFilters } from "../shapes/filters.ts";
import { pageOf } from "../shapes/paging.ts";
import { timeOf } from "../shapes/row-filters.ts";
import { viewOfJson } from "../shapes/views.ts";

const auditLog: Handler = (call) => {
  const from = timeOf("start_time", call.query["start_time"]);
  const until = timeOf("end_time", call.query["end_time"]);
  const entries = call.world.audit
    .filter(({ timestamp }) => Date.parse(timestamp) >= from && Date.parse(timestamp) <= until)
    .reverse();
  return {
    page: pageOf(
      call,
      applyFilters(
        call,
        entries.map((entry) => viewOfJson(String(entry["request_id"]), entry)),
      ),
      { object: "analytics-graph" },
    ),
  };
};

const readDefaults: Handler = (call) => ({
  one: viewOfJson("defaults", {
    input_guardrails: [],
    output_guardrails: [],
    ...call.world.store.document("/admin/organisation/defaults"),
  }),
});

export const organisationHandlers: Readonly<Record<string, Handler>> = {
  "GET /admin/organisation/defaults": readDefaults,
  // Two lists in one object: not a list that is changed item by item.
  "PUT /admin/organisation/defaults": updateDocument,
  "GET /audit-logs": auditLog,
};
