/**
 * What belongs to the organisation as a whole: its audit log, its defaults, and where guardrails run.
 */
import { notFound, type Handler, type Call } from "./call.ts";
import { applyFilters } from "../shapes/filters.ts";
import { objectOf, type Json } from "../json.ts";
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

const readGuardrailServers: Handler = (call) => ({ one: viewOfJson("servers", { mcp_servers: serversOf(call) }) });

/** The map as sent is the map from now on; an empty one clears it. */
const replaceGuardrailServers: Handler = (call) => {
  const servers = serversOf(call);
  for (const id of Object.keys(servers)) Reflect.deleteProperty(servers, id);
  for (const [id, entry] of Object.entries(objectOf(call.fields["mcp_servers"])))
    servers[knownServer(call, id)] = withDefault(entry);
  return { done: true };
};

const setGuardrailServer: Handler = (call) => {
  serversOf(call)[knownServer(call, call.values[1] ?? "")] = withDefault(call.body);
  return { done: true };
};

function serversOf(call: Call): Json {
  return call.world.store.document(`servers of guardrail ${call.entity().id}`);
}

function withDefault(entry: unknown): Json {
  return { run_on: ["input", "output"], ...objectOf(entry) };
}

function knownServer(call: Call, reference: string): string {
  const server = call.world.store.find("/mcp-servers", reference);
  if (!server) throw notFound("/mcp-servers", reference);
  return server.id;
}

export const organisationHandlers: Readonly<Record<string, Handler>> = {
  "GET /admin/organisation/defaults": readDefaults,
  "GET /audit-logs": auditLog,
  "GET /guardrails/{}/mcp-servers": readGuardrailServers,
  "PUT /guardrails/{}/mcp-servers": replaceGuardrailServers,
  "PUT /guardrails/{}/mcp-servers/{}": setGuardrailServer,
};
