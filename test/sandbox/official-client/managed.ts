/**
 * What Portkey's Terraform provider manages: how each resource is made, read, listed, changed and deleted.
 */
import { expect } from "vitest";
import type { Json } from "../../../src/sandbox/json.ts";
import { uuid } from "../../../src/sandbox/state/ids.ts";
import type { StructName } from "./structs.ts";

export interface Managed {
  readonly path: string;
  /** Where it is made, if not at `path`. */
  readonly makeAt?: string;
  readonly query?: string;
  /** What of the creation's answer names it afterwards. */
  readonly by?: "slug";
  readonly struct: StructName;
  /** The name of the list in the list's answer, `data` without it. */
  readonly under?: string;
  readonly made: Json;
  readonly makes?: StructName;
  /** What reading it must answer then. */
  readonly reads?: Json;
  readonly change?: Json;
  readonly changes?: StructName;
  readonly rereads?: Json;
  readonly deletion?: Json;
  /** The status and code once it is gone. */
  readonly gone?: readonly [number, string];
}

const day = 86_400_000;
const production = uuid("/admin/workspaces:production");
const usage = { type: "cost", credit_limit: 10, alert_threshold: 8, periodic_reset: "monthly" };
const rate = [{ type: "requests", unit: "rpm", value: 5 }];
const conditions = [{ key: "workspace_id", value: production }];
const group_by = [{ key: "api_key" }];
const login = { aws_auth_type: "accessKey", aws_access_key_id: "AKIA", aws_secret_access_key: "x", aws_region: "eu" };
const prompt = {
  string: "Hello",
  parameters: { temperature: 0.7 },
  model: "gpt-4",
  virtual_key: uuid("/providers:openai-production"),
};

/** `now` is the sandbox's moment, in milliseconds since the epoch. */
export const managed = (now: number): Readonly<Record<string, Managed>> => ({
  workspace: {
    path: "/admin/workspaces",
    struct: "workspace",
    made: { name: "Team", description: "d", icon: "🚪", defaults: { metadata: { a: "b" } }, usage_limits: [usage] },
    reads: { name: "🚪 Team", usage_limits: [{ credit_limit: 10 }] },
    change: { name: "Crew", icon: "", usage_limits: null, rate_limits: rate },
    rereads: { name: "Crew", usage_limits: null, rate_limits: rate },
    deletion: { name: "Crew" },
    gone: [403, "AB03"],
  },
  "user invite": {
    path: "/admin/users/invites",
    struct: "invite",
    made: { email: "new@sandbox.example", role: "member", workspaces: [{ id: production, role: "member" }] },
    reads: { email: "new@sandbox.example", status: "pending", workspaces: [{ role: "member" }] },
  },
  integration: {
    path: "/integrations",
    by: "slug",
    struct: "integration",
    made: { name: "OpenAI", ai_provider_id: "openai", key: "sk", configurations: { openai_project: "p" } },
    reads: { type: "organisation", ai_provider_id: "openai", configurations: { openai_project: "p" } },
    change: { name: "Renamed", description: "d" },
    rereads: { name: "Renamed", description: "d" },
  },
  "workspace integration": {
    path: "/integrations",
    by: "slug",
    struct: "integration",
    made: { name: "Own", ai_provider_id: "openai", key: "sk", workspace_id: production, slug: "own" },
    reads: { type: "workspace", workspace_id: production, slug: "own" },
  },
  "api key": {
    path: "/api-keys",
    makeAt: "/api-keys/workspace/service",
    struct: "apiKey",
    made: {
      name: "Key",
      workspace_id: production,
      scopes: ["logs.list"],
      usage_limits: usage,
      rate_limits: rate,
      alert_emails: ["a@sandbox.example"],
      rotation_policy: { rotation_period: "weekly", key_transition_period_ms: 1_800_000 },
      defaults: { config_id: uuid("/configs:pc-cache"), allow_config_override: false, metadata: { a: "b" } },
    },
    reads: {
      type: "workspace-service",
      workspace_id: production,
      allow_config_override: 0,
      defaults: { config_id: uuid("/configs:pc-cache") },
      rotation_policy: { rotation_period: "weekly", next_rotation_at: new Date(now + 7 * day).toISOString() },
      usage_limits: { credit_limit: 10, next_usage_reset_at: expect.any(String) },
    },
    change: {
      usage_limits: null,
      rate_limits: null,
      alert_emails: null,
      defaults: { config_id: null, allow_config_override: true },
      reset_usage: true,
    },
    rereads: {
      usage_limits: null,
      rate_limits: null,
      alert_emails: null,
      defaults: { config_id: null, metadata: { a: "b" } },
      allow_config_override: 1,
      last_reset_at: new Date(now).toISOString(),
    },
  },
  provider: {
    path: "/providers",
    query: `?workspace_id=${production}`,
    by: "slug",
    struct: "provider",
    made: { name: "P", workspace_id: production, integration_id: "openai-main", note: "n", usage_limits: usage },
    reads: { id: expect.any(String), workspace_id: production, integration_id: "openai-main", note: "n" },
    change: { name: "Q", usage_limits: null, rate_limits: rate },
    rereads: { name: "Q", usage_limits: null, rate_limits: rate },
  },
  config: {
    path: "/configs",
    by: "slug",
    struct: "config",
    made: { name: "C", workspace_id: production, config: { retry: { attempts: 3 } } },
    reads: { name: "C", config: '{"retry":{"attempts":3}}', workspace_id: production, is_default: 0 },
    change: { config: { cache: { mode: "simple" } } },
    changes: "created",
    rereads: { name: "C", config: '{"cache":{"mode":"simple"}}' },
  },
  prompt: {
    path: "/prompts",
    struct: "prompt",
    made: { name: "Prompt", collection_id: uuid("/collections:support-dev"), ...prompt },
    reads: {
      prompt_version: 1,
      prompt_version_status: "active",
      is_raw_template: 0,
      virtual_key: "openai-production",
      parameters: { temperature: 0.7, model: "gpt-4" },
    },
    change: { name: "Renamed", parameters: null },
    changes: "savedPrompt",
    rereads: { name: "Renamed", prompt_version: 1, string: "Hello" },
  },
  "prompt partial": {
    path: "/prompts/partials",
    struct: "partial",
    made: { name: "Partial", string: "s", workspace_id: production, version_description: "first" },
    reads: { string: "s", version: 1, version_description: "first", prompt_partial_version_status: "active" },
    change: { name: "Renamed" },
    changes: "savedPartial",
    rereads: { name: "Renamed", version: 1 },
  },
  collection: {
    path: "/collections",
    query: `?workspace_id=${production}`,
    struct: "collection",
    made: { name: "Collection", workspace_id: production },
    reads: { is_default: 0, workspace_id: production, status: "active" },
    change: { name: "Renamed" },
    rereads: { name: "Renamed" },
  },
  guardrail: {
    path: "/guardrails",
    struct: "guardrail",
    made: {
      name: "G",
      workspace_id: production,
      checks: [{ id: "default.wordCount", parameters: { minWords: 1, maxWords: 9 } }],
      actions: { onFail: "log", message: "m" },
    },
    reads: {
      workspace_id: production,
      actions: { onFail: "log", message: "m" },
      checks: [{ id: "default.wordCount" }],
    },
    change: { name: "H", actions: { onFail: "block" } },
    rereads: { name: "H", actions: { onFail: "block" } },
  },
  "usage limits policy": {
    path: "/policies/usage-limits",
    query: `?workspace_id=${production}`,
    struct: "usagePolicy",
    made: { name: "U", workspace_id: production, conditions, group_by, type: "cost", credit_limit: 10.5 },
    reads: { conditions, group_by, credit_limit: 10.5, status: "active", workspace_id: production },
    change: { credit_limit: 20.25, alert_threshold: 5 },
    rereads: { credit_limit: 20.25, alert_threshold: 5 },
  },
  "rate limits policy": {
    path: "/policies/rate-limits",
    query: `?workspace_id=${production}`,
    struct: "ratePolicy",
    made: { name: "R", workspace_id: production, conditions, group_by, type: "requests", unit: "rpm", value: 5 },
    reads: { unit: "rpm", value: 5 },
    change: { unit: "rph", value: 6 },
    rereads: { unit: "rph", value: 6 },
  },
  "mcp integration": {
    path: "/mcp-integrations",
    struct: "mcpIntegration",
    made: { name: "M", url: "https://x.example/mcp", auth_type: "none", transport: "http" },
    reads: { type: "organisation", url: "https://x.example/mcp" },
    change: { description: "d" },
    rereads: { description: "d", auth_type: "none" },
  },
  "secret reference": {
    path: "/secret-references",
    by: "slug",
    struct: "secretReference",
    made: { name: "S", manager_type: "aws_sm", auth_config: login, secret_path: "p", tags: { a: "b" } },
    reads: { allow_all_workspaces: true, auth_config: { aws_region: "eu", masked_aws_access_key_id: "***" } },
    change: { auth_config: { aws_region: "us" }, allowed_workspaces: [production] },
    rereads: {
      allow_all_workspaces: false,
      allowed_workspaces: [production],
      auth_config: { aws_auth_type: "accessKey", aws_region: "us" },
    },
    gone: [404, "AB08"],
  },
});
