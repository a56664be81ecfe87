/**
 * Log exports: a draft is started, is in progress for a few polls, and then has a file to download.
 */
import { ownMember } from "../../catalog/json.ts";
import { ApiError } from "../http/api-error.ts";
import type { Handler, Call } from "./call.ts";
import { createEntity, updateEntity } from "./collections.ts";
import { totalTokens } from "../traffic/figures.ts";
import { ownEntry, asList, asObject, type Json } from "../json.ts";
import { createRowFilter } from "../shapes/row-filters.ts";
import type { Entity } from "../state/store.ts";
import type { LogRow } from "../traffic/traffic.ts";
import { createView, createJsonView } from "../shapes/views.ts";
import type { World } from "../state/world.ts";

/** An export is done when it was polled this often. */
const pollsUntilDone = 3;

/** The fields that a file can have, each computed from a row of the log. */
const columns: Readonly<Record<string, (row: LogRow, world: World) => unknown>> = {
  id: (row) => row.id,
  trace_id: (row) => row.traceId,
  created_at: (row) => new Date(row.at).toISOString(),
  request: (row) => row.request ?? { model: row.model, messages: [{ role: "user", content: "…" }] },
  response: (row) => row.response ?? { model: row.model, choices: [] },
  is_success: (row) => row.status < 400,
  ai_org: (row) => row.provider,
  ai_model: (row) => row.model,
  req_units: (row) => row.requestTokens,
  res_units: (row) => row.responseTokens,
  total_units: totalTokens,
  request_url: () => "https://api.portkey.ai/v1/chat/completions",
  cost: (row) => row.cost,
  cost_currency: () => "USD",
  response_time: (row) => row.latency,
  response_status_code: (row) => row.status,
  mode: () => "single",
  config: (row) => row.config,
  prompt_slug: (row) => row.prompt,
  metadata: (row) => row.metadata,
};

const createExport: Handler = (call) => {
  const entity = createEntity(call, "/logs/exports", call.fields);
  return { one: createView(call.world, entity, undefined, { total: findRows(call.world, entity).length }) };
};

const updateExport: Handler = (call) => {
  const entity = requireStatus(call, ["draft"], "changed");
  updateEntity(call, entity, call.fields);
  return { one: createView(call.world, entity, undefined, { total: findRows(call.world, entity).length }) };
};

const readExport: Handler = (call) => {
  const entity = call.entity();
  const { fields } = entity;
  const pollCounter = call.world.store.document(`looks at ${entity.id}`);
  if (fields["status"] === "in_progress") {
    pollCounter["count"] = Number(pollCounter["count"] ?? 0) + 1;
    if (Number(pollCounter["count"]) >= pollsUntilDone)
      Object.assign(fields, { status: "success", last_updated_at: call.world.timestamp() });
  }
  return { one: createView(call.world, entity) };
};

const startExport: Handler = (call) => {
  requireStatus(call, ["draft", "stopped", "failed"], "started").fields["status"] = "in_progress";
  return { one: createJsonView("start", { message: "The export has started.", object: "export" }) };
};

const cancelExport: Handler = (call) => {
  requireStatus(call, ["draft", "in_progress"], "cancelled").fields["status"] = "stopped";
  return { one: createJsonView("cancel", { message: "The export has stopped.", object: "export" }) };
};

const downloadExport: Handler = (call) => {
  const entity = requireStatus(call, ["success"], "downloaded");
  return { one: createJsonView(entity.id, { signed_url: `${call.origin}/__sandbox/exports/${entity.id}.jsonl` }) };
};

const fieldRestrictions: Handler = (call) => ({
  one: createJsonView(call.operation.key, { restricted_fields: [], allowed_fields: Object.keys(columns) }),
});

/** The file of a finished export: one JSON object per line, with the requested fields. */
export function exportFile(world: World, id: string): string {
  const entity = world.store.find("/logs/exports", id);
  if (entity?.fields["status"] !== "success") throw new ApiError(404, "There is no such file.");
  const names = asList(entity.fields["requested_data"])
    .map(String)
    .filter((name) => ownEntry(columns, name));
  return findRows(world, entity)
    .map(
      (row) =>
        `${JSON.stringify(Object.fromEntries(names.map((name) => [name, ownMember(columns, name)?.(row, world)])))}\n`,
    )
    .join("");
}

function findRows(world: World, entity: Entity): LogRow[] {
  const filters: Json = { ...asObject(entity.fields["filters"]) };
  const slug = world.workspace(entity.fields["workspace_id"])?.fields["slug"];
  return world.traffic.rows.filter(createRowFilter({ ...filters, workspace_slug: filters["workspace_slug"] ?? slug }));
}

function requireStatus(call: Call, allowed: readonly string[], done: string): Entity {
  const entity = call.entity();
  const status = String(entity.fields["status"]);
  if (!allowed.includes(status)) throw new ApiError(400, `An export with the status ${status} cannot be ${done}.`);
  return entity;
}

export const exportHandlers: Readonly<Record<string, Handler>> = {
  "POST /logs/exports": createExport,
  "PUT /logs/exports/{}": updateExport,
  "GET /logs/exports/{}": readExport,
  "POST /logs/exports/{}/start": startExport,
  "POST /logs/exports/{}/cancel": cancelExport,
  "GET /logs/exports/{}/download": downloadExport,
  "GET /logs/exports/field-restrictions": fieldRestrictions,
};
