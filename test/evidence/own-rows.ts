/**
 * The same facts as the project's own table: what users of the API send that its document does not say, or says
 * otherwise. Every row goes out; a warning names what is doubtful.
 */
import type { Row } from "./rows.ts";

export interface OwnRow extends Partial<Row> {
  readonly what: string;
  /** What is doubtful, and must be said. */
  readonly warns?: RegExp;
  /** What may be said until the document knows better. */
  readonly mayWarn?: RegExp;
}

const UUID = "3f0c5a8e-6f1b-4a7d-9a55-0c1d2e3f4a5b";
const NULL = /null is not documented here: it goes out as given/;
const UNKNOWN = /not documented for \w+: (it goes|they go) out as given/;

export const OWN_ROWS: readonly OwnRow[] = [
  // Clearing: null in an update, at any depth.
  {
    what: "limits taken away",
    method: "PUT",
    path: `/admin/workspaces/ws-blue`,
    body: { usage_limits: null },
    mayWarn: NULL,
  },
  {
    what: "a key's limits and alerts taken away",
    method: "PUT",
    path: `/api-keys/${UUID}`,
    body: {
      usage_limits: null,
      rate_limits: null,
      alert_emails: null,
      expires_at: null,
    },
    mayWarn: NULL,
  },
  {
    what: "a key's config taken away",
    method: "PUT",
    path: `/api-keys/${UUID}`,
    body: { defaults: { config_id: null } },
    mayWarn: NULL,
  },
  {
    what: "a prompt renamed only",
    method: "PUT",
    path: "/prompts/pp-blue",
    body: { name: "Blue", parameters: null },
    mayWarn: NULL,
  },
  {
    what: "a label without a text",
    method: "PUT",
    path: `/labels/${UUID}`,
    body: { description: null },
    mayWarn: NULL,
  },
  {
    what: "a provider without limits",
    method: "PUT",
    path: "/providers/blue",
    body: { usage_limits: null, rate_limits: null },
    mayWarn: NULL,
  },
  {
    what: "null in a create",
    method: "POST",
    path: "/collections",
    body: { name: "Blue", workspace_id: UUID, parent_collection_id: null },
    mayWarn: NULL,
  },

  // Fields that no record knows.
  {
    what: "a new field of a create",
    method: "POST",
    path: "/admin/workspaces",
    body: { name: "Blue", mascot: "otter" },
    warns: UNKNOWN,
  },
  {
    what: "a new object of an update",
    method: "PUT",
    path: "/providers/blue",
    body: { failover: { to: ["red"], after_ms: 5 } },
    warns: UNKNOWN,
  },
  {
    what: "a new hyperparameter",
    method: "POST",
    path: "/prompts/pp-blue/render",
    body: { variables: {}, min_p: 0.05, repetition_penalty: 1.1 },
    warns: UNKNOWN,
  },
  {
    what: "a new filter",
    method: "GET",
    path: "/prompts",
    query: { created_by: "ann", tag: ["a", "b"] },
    warns: UNKNOWN,
  },
  {
    what: "a new filter of a delete",
    method: "DELETE",
    path: "/configs/pc-blue",
    query: { cascade: "true" },
    warns: UNKNOWN,
  },
  {
    what: "a body where there was none",
    method: "POST",
    path: `/admin/users/invites/${UUID}/resend`,
    body: { language: "fr" },
    warns: UNKNOWN,
  },

  // A query says a number as its text.
  { what: "page numbers", method: "GET", path: "/prompts", query: { current_page: "0", page_size: "25" } },
  {
    what: "ranges",
    method: "GET",
    path: "/analytics/graphs/cost",
    query: {
      workspace_slug: "ws-blue",
      time_of_generation_min: "2026-03-01T00:00:00Z",
      time_of_generation_max: "2026-03-31T23:59:59Z",
      cost_min: "0.5",
      cost_max: "20",
      total_units_min: "1",
    },
  },

  // Times with an offset.
  {
    what: "a time east of Greenwich",
    method: "GET",
    path: "/analytics/graphs/latency",
    query: {
      workspace_slug: "ws-blue",
      time_of_generation_min: "2026-03-01T00:00:00+05:30",
      time_of_generation_max: "2026-03-31T23:59:59-08:00",
    },
  },
  {
    what: "an expiry with an offset",
    method: "PUT",
    path: `/api-keys/${UUID}`,
    body: { expires_at: "2027-01-01T00:00:00+02:00" },
  },

  // Values that the document does not list go out with a warning.
  {
    what: "a new enum value",
    method: "PUT",
    path: "/admin/users/u-1",
    body: { role: "auditor" },
    warns: /"auditor" is not among/,
  },
  {
    what: "a unit that no source knows",
    method: "POST",
    path: "/policies/rate-limits",
    body: { name: "Blue", conditions: [], type: "tokens", unit: "tpy", value: 5 },
    warns: /^unit "tpy" is not among/,
  },
  {
    what: "a name for the id of a label",
    method: "PUT",
    path: `/prompts/pp-blue/versions/${UUID}`,
    body: { label_id: "production" },
    warns: /documented format/,
  },

  // A list is filtered by whatever a new one takes.
  { what: "rate limits by second", method: "GET", path: "/policies/rate-limits", query: { unit: "rps" } },
  { what: "rate limits of tokens by day", method: "GET", path: "/policies/rate-limits", query: { unit: "tpd" } },
  { what: "usage limits of requests", method: "GET", path: "/policies/usage-limits", query: { type: "requests" } },

  // What a path names goes by its id or by its slug.
  { what: "a slug for a key's id", method: "PUT", path: "/api-keys/team-key", body: { name: "Team" } },
  { what: "a slug for a limit's id", method: "GET", path: "/policies/usage-limits/team-limit" },

  // Headers of MCP integrations: names, or new names for them; fixed headers are a map.
  ...["POST /mcp-integrations", "PUT /mcp-integrations/blue"].flatMap((request) =>
    [
      { forward_headers: ["x-trace-id", { from: "x-tenant", to: "X-Org" }] },
      { forward_headers: { mode: "allowlist", headers: [{ from: "x-tenant", to: "X-Org" }, "x-trace-id"] } },
      { passthrough_headers: { "X-API-Version": "2" } },
      { passthrough_headers: ["X-API-Version"] },
    ].map((configurations) => mcpIntegration(request, configurations)),
  ),

  // A body that may be left out goes out as it was given.
  { what: "an export started without a body", method: "POST", path: "/logs/exports/e-1/start" },
  { what: "an export started with an empty body", method: "POST", path: "/logs/exports/e-1/start", body: {} },
  { what: "models named in the body", method: "DELETE", path: "/integrations/blue/models", body: { models: ["m-1"] } },
  { what: "models named in the query", method: "DELETE", path: "/integrations/blue/models", query: { slugs: "m-1" } },

  // Texts that look like something else stay texts where a text is meant.
  {
    what: "JSON in a template",
    method: "POST",
    path: "/prompts/partials",
    body: { name: "Blue", string: '{"a":[1]}' },
  },
  {
    what: "numbers in variables",
    method: "POST",
    path: "/prompts/pp-blue/completions",
    body: {
      variables: { count: "10", flag: "true", blob: '["x"]' },
      max_tokens: 5,
    },
  },
  { what: "a name of digits", method: "PUT", path: "/providers/blue", body: { name: "007", note: "null" } },

  // Ids that a URL must escape.
  { what: "a version behind an id", method: "POST", path: "/prompts/pp-blue@12/completions", body: { variables: {} } },

  // Configs with members that a provider of its own takes.
  { what: "a config with a setting of its own", config: { provider: "@blue", own: { deep: [null, 0, "", false] } } },

  // Feedback with the smallest and the largest value.
  { what: "a thumb down", method: "POST", path: "/feedback", body: { trace_id: "t", value: 0 } },

  // Nothing at all.
  { what: "no argument", method: "GET", path: "/admin/users" },
];

function mcpIntegration(request: string, configurations: object): OwnRow {
  const [method = "", path = ""] = request.split(" ");
  const body = { name: "Blue", url: "https://example.com/mcp", transport: "http", configurations };
  const what = `${method} of ${JSON.stringify(configurations)}`;
  return { what, method, path, body: { ...body, auth_type: "oauth_client_credentials" } };
}
