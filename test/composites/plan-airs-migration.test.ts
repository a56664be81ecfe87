/** What an account can take along to the other edition: on the sandbox, whose account is known to the last thing. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { loadEdition } from "../../src/catalog/editions.ts";
import { startSandboxServer, type SandboxServer } from "./sandbox-server.ts";

type Row = Readonly<Record<string, unknown>>;
interface Plan {
  readonly counts: Readonly<Record<string, number>>;
  readonly kinds: Readonly<Record<string, Row>>;
  readonly objects: readonly Row[];
  readonly unread?: readonly Row[];
}

let server: SandboxServer;
beforeAll(async () => {
  server = await startSandboxServer({ keys: "both" });
});
afterAll(() => server.close());

async function plan(args: Row = {}): Promise<Plan> {
  const { body, text, isError } = await server.call("plan_airs_migration", args);
  expect(isError, text).toBe(false);
  return body as unknown as Plan;
}
const named = ({ objects }: Plan, name: string) => objects.find((row) => row["name"] === name || row["slug"] === name);

test("every thing of the account is there once, with the tool that makes it there or without a place", async () => {
  const { counts, kinds, unread } = await plan();
  expect(unread).toBeUndefined();
  const found = Object.fromEntries(
    Object.entries(kinds).map(([kind, row]) => [kind, [row["found"], row["tools"] ?? "-"]]),
  );
  expect(found).toEqual({
    secret_references: [1, ["create_secret_reference"]],
    integrations: [3, ["create_integration"]],
    providers: [4, ["create_provider"]],
    mcp_integrations: [1, ["create_mcp_integration"]],
    mcp_servers: [2, ["create_mcp_server"]],
    deployments: [1, ["register_deployment"]],
    guardrails: [2, ["create_org_guardrail", "create_guardrail"]],
    configs: [3, ["create_config"]],
    api_keys: [6, ["create_api_key"]],
    usage_limits: [1, ["create_usage_limit"]],
    rate_limits: [1, ["create_rate_limit"]],
    virtual_keys: [3, "-"],
    prompts: [4, "-"],
    partials: [1, "-"],
    labels: [2, "-"],
    collections: [4, "-"],
    workspaces: [3, "-"],
    users: [5, "-"],
    user_invites: [1, "-"],
    scim_mappings: [1, "-"],
    agent_integrations: [1, "-"],
    agent_servers: [1, "-"],
    log_exports: [1, "-"],
  });
  const sum = (made: boolean) =>
    Object.values(found).reduce((total, [n, tools]) => total + ((tools !== "-") === made ? Number(n) : 0), 0);
  expect(counts).toEqual({ found: sum(true) + sum(false), can_be_made: sum(true), no_place: sum(false) });
});

test("every tool that it names is one of the other edition, and makes something", async () => {
  const { records } = await loadEdition("airs");
  const tools = new Set((await plan()).objects.flatMap(({ tool }) => (tool === undefined ? [] : [String(tool)])));
  const making = new Set(records.filter(({ method }) => method === "POST").map(({ name }) => name));
  expect([...tools].filter((tool) => !making.has(tool))).toEqual([]);
});

test("nothing is written", async () => {
  server.forget();
  await plan();
  expect(server.writes()).toEqual([]);
  expect(server.sent.length).toBeGreaterThan(20);
});

describe("what must be decided", () => {
  test("what a config names that has no place, or another id", async () => {
    const config = {
      strategy: { mode: "fallback" },
      targets: [{ virtual_key: "old-key" }, { provider: "@openai-production", prompt_id: "pp-1" }],
      input_guardrails: ["pg-short-answers"],
    };
    await server.call("create_config", { name: "moving", config, workspace_id: "production" });
    const { decide } = named(await plan(), "moving") ?? {};
    expect(decide).toEqual([
      "Virtual key old-key has no place: name a provider.",
      "Prompt pp-1 has no place: take the target out, or send its messages.",
      "Guardrail pg-short-answers has another id there.",
    ]);
  });

  test("what is set, and the tool there does not take", async () => {
    const config = { provider: "@openai-production" };
    await server.call("create_config", { name: "usual", config, isDefault: 1, workspace_id: "production" });
    expect(named(await plan(), "usual")).toMatchObject({ tool: "create_config", not_taken: ["is_default"] });
  });

  test("secrets that no answer shows, and none of them in the plan", async () => {
    const { kinds } = await plan();
    expect(kinds["integrations"]?.["decide"]).toMatch(/key again/);
    expect(kinds["virtual_keys"]).toMatchObject({ no_place: "create_integration, then create_provider." });
    await server.call("create_integration", { name: "secret", ai_provider_id: "openai", key: "sk-not-to-be-shown" });
    expect(JSON.stringify(await plan())).not.toContain("sk-not-to-be-shown");
  });
});

test("one workspace alone, with its own key, and without what is the organisation's", async () => {
  const own = await startSandboxServer({ keys: "workspace" });
  const { body, isError, text } = await own.call("plan_airs_migration", { workspace_id: "production" });
  await own.close();
  expect(isError, text).toBe(false);
  const { kinds, objects } = body as unknown as Plan;
  expect(kinds).not.toHaveProperty("users");
  expect(kinds["configs"]).toMatchObject({ tools: ["create_config"] });
  expect(objects.every(({ workspace }) => workspace === undefined || workspace === "production")).toBe(true);
});
