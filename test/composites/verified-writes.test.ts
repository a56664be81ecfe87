/** Every update that the sandbox answers with nothing shows the written fields, and never warns of what it kept. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { startSandboxServer, type SandboxServer } from "./sandbox-server.ts";

type Json = Record<string, unknown>;

let server: SandboxServer;
beforeAll(async () => {
  server = await startSandboxServer({ keys: "both", verifyWrites: true, alter: silent });
});
afterAll(() => server.close());

/** Portkey answers most updates with nothing. */
function silent({ method }: { readonly method: string }): unknown {
  return method === "PUT" ? {} : undefined;
}

test.each([
  ["update_workspace", { workspace_id: "dev", name: "Development", description: "changed" }],
  ["update_workspace", { workspace_id: "production", defaults: { metadata: { env: "prod" } } }],
  ["update_collection", { collection_id: "experiments", name: "Trials", key: "admin" }],
  ["update_guardrail", { guardrail_id: "pg-no-pii", name: "Renamed" }],
  ["update_prompt_label", { label_id: "candidate", description: "Changed" }],
  ["update_integration", { slug: "openai-main", name: "OpenAI EU", key: "sk-new" }],
  ["update_integration_models", { slug: "openai-main", models: [{ slug: "gpt-4o", enabled: false }] }],
  ["update_provider", { slug: "openai-production", note: "changed", reset_usage: true }],
  ["update_agent_server", { agent_server_id: "research-production", name: "Research 2", description: "changed" }],
  ["update_mcp_server", { mcp_server_id: "issues-production", description: "changed" }],
  ["update_usage_limit", { policy_usage_limits_id: "monthly-cost-per-key", credit_limit: 10 }],
  ["update_secret_reference", { secret_reference_id: "openai-key-in-aws", description: "changed" }],
  ["update_organisation_defaults", { input_guardrails: [{ id: "pg-short-answers" }] }],
])("%s %j is found to stand there as it was given", async (tool, args) => {
  const { body, beside, isError, text } = await server.call(tool, args);
  expect(isError, text).toBe(false);
  expect(Object.keys(body["now"] as Json).length).toBeGreaterThan(0);
  expect(beside).not.toContain("stands at");
  expect(beside).not.toContain("Note:");
});
