/**
 * The log: inserts requests made elsewhere, reads one, and takes feedback.
 */
import { setMember } from "../../catalog/json.ts";
import { ApiError } from "../http/api-error.ts";
import { notFound, type Handler, type Call } from "./call.ts";
import { isError, isHit, totalTokens } from "../traffic/figures.ts";
import { uuid } from "../state/ids.ts";
import { ownEntry, asObject, type Json } from "../json.ts";
import { computeCost, models } from "../traffic/models.ts";
import type { Feedback, LogRow } from "../traffic/traffic.ts";
import { createJsonView } from "../shapes/views.ts";

const insertLog: Handler = (call) => {
  for (const entry of call.entries.map(asObject)) {
    for (const name of ["request", "response"])
      if (entry[name] === undefined) throw new ApiError(400, `${name} is required.`);
    call.world.traffic.add(createRow(call, entry));
  }
  return { done: true };
};

const readLog: Handler = (call) => {
  const reference = call.values[0] ?? "";
  const row = call.world.traffic.find(reference);
  if (!row) throw notFound("/logs", reference);
  const ownSlug = call.principal.workspaceId && call.world.workspace(call.principal.workspaceId)?.fields["slug"];
  if (ownSlug && row.workspace !== ownSlug) throw new ApiError(403, "This key belongs to another workspace.");
  return { one: createJsonView(row.id, toLogObject(call, row)) };
};

const giveFeedback: Handler = (call) => {
  const feedback = { id: call.world.nextId("feedback"), value: 0, weight: 1 };
  setFeedback(feedback, call.fields);
  call.world.traffic.find(String(call.fields["trace_id"]))?.feedback.push(feedback);
  setMember(call.world.store.document("feedback"), feedback.id, feedback);
  return { one: feedbackReply(feedback.id) };
};

const changeFeedback: Handler = (call) => {
  const id = call.values[0] ?? "";
  const storedFeedback = call.world.traffic.rows.flatMap((row) => row.feedback).find((item) => item.id === id);
  const feedback = storedFeedback ?? (ownEntry(call.world.store.document("feedback"), id) as Feedback | undefined);
  if (!feedback) throw notFound("/feedback", id);
  setFeedback(feedback, call.fields);
  return { one: feedbackReply(id) };
};

function setFeedback(feedback: Feedback, { value, weight }: Json): void {
  if (typeof value === "number") feedback.value = value;
  if (typeof weight === "number") feedback.weight = weight;
}

function feedbackReply(id: string) {
  return createJsonView(id, { status: "success", message: "Feedback saved.", feedback_ids: [id] });
}

/** A row of the log from an inserted entry; absent figures are 0, absent names "unknown". */
function createRow(call: Call, entry: Json): LogRow {
  const request = asObject(entry["request"]);
  const response = asObject(entry["response"]);
  const metadata = asObject(entry["metadata"]);
  const { model, requestTokens, responseTokens } = readUsage(request, response);
  const id = uuid(`inserted:${call.world.traffic.rows.length}`);
  return {
    id,
    model,
    requestTokens,
    responseTokens,
    request,
    response,
    traceId: String(metadata["trace_id"] ?? id),
    spanId: String(metadata["span_id"] ?? id.slice(0, 16)),
    at: call.world.now(),
    workspace: String(call.world.workspace(call.principal.workspaceId)?.fields["slug"] ?? ""),
    provider: String(request["provider"] ?? models.find((item) => item.slug === model)?.provider ?? "unknown"),
    user: String(metadata["_user"] ?? call.principal.userId),
    apiKey: call.principal.keyId,
    virtualKey: "",
    config: "",
    prompt: "",
    cache: "miss",
    retries: 0,
    fellBack: false,
    feedback: [],
    cost: computeCost(model, requestTokens, responseTokens),
    status: Number(response["status"] ?? 200),
    latency: Number(response["response_time"] ?? 0),
    metadata: Object.fromEntries(Object.entries(metadata).map(([key, value]) => [key, String(value)])),
  };
}

function readUsage(request: Json, response: Json) {
  const answer = asObject(response["body"]);
  const usage = asObject(answer["usage"]);
  return {
    model: String(asObject(request["body"])["model"] ?? answer["model"] ?? "unknown"),
    requestTokens: Number(usage["prompt_tokens"] ?? 0),
    responseTokens: Number(usage["completion_tokens"] ?? 0),
  };
}

const completionsUrl = "https://api.portkey.ai/v1/chat/completions";

/** A row in the form of Portkey's log object. */
function toLogObject({ world }: Call, row: LogRow): Json {
  const organisation_id = world.organisation.id;
  const created_at = new Date(row.at).toISOString();
  const request = {
    url: completionsUrl,
    method: "POST",
    headers: {},
    body: { model: row.model, messages: [{ role: "user", content: "…" }] },
    ...row.request,
    portkeyHeaders: { "x-portkey-trace-id": row.traceId },
  };
  const response = {
    headers: {},
    body: { model: row.model },
    ...row.response,
    status: row.status,
    responseTime: row.latency,
    lastUsedOptionJsonPath: row.fellBack ? "targets[1]" : "targets[0]",
  };
  const organisation = { organisation_id, organisation_name: world.organisation.name };
  const metrics = { id: row.id, ...organisation, created_at, ...toMetrics(row) };
  return { _id: row.id, request, response, organisation_id, created_at, metrics };
}

function toMetrics(row: LogRow): Json {
  return {
    is_success: !isError(row),
    ai_org: row.provider,
    ai_model: row.model,
    req_units: row.requestTokens,
    res_units: row.responseTokens,
    total_units: totalTokens(row),
    cost: row.cost,
    cost_currency: "USD",
    request_url: completionsUrl,
    request_method: "POST",
    response_status_code: row.status,
    response_time: row.latency,
    cache_status: isHit(row) ? "HIT" : "MISS",
    retry_success_count: row.retries,
    trace_id: row.traceId,
    span_id: row.spanId,
    virtual_key: row.virtualKey,
    config: row.config,
    prompt_slug: row.prompt,
    workspace_slug: row.workspace,
    api_key_id: row.apiKey,
    "metadata.key": Object.keys(row.metadata),
    "metadata.value": Object.values(row.metadata),
  };
}

export const logHandlers: Readonly<Record<string, Handler>> = {
  "POST /logs": insertLog,
  "GET /logs/{}": readLog,
  "POST /feedback": giveFeedback,
  "PUT /feedback/{}": changeFeedback,
};
