import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { breakDownCosts, type CostRow } from "../../src/composites/analytics/cost-breakdown.ts";
import { costFindings } from "../../src/composites/analytics/cost-findings.ts";
import { composite as explainCost } from "../../src/composites/tools/explain-cost.ts";
import { composite as findUnusedKeys } from "../../src/composites/tools/find-unused-keys.ts";
import { PortkeyMcpError } from "../../src/errors/errors.ts";
import { fakeContext } from "./fake-context.ts";
import { startSandboxServer, type SandboxServer } from "./sandbox-server.ts";
import { server, useSandboxServer } from "./use-sandbox-server.ts";

useSandboxServer({ admin: true });
/** The made-up traffic depends on the hour, so these windows end at a fixed one. */
let past: SandboxServer;
const until = "2026-11-20T12:00:00Z";
beforeAll(async () => {
  past = await startSandboxServer({ admin: true, now: Date.parse(until) });
});
afterAll(() => past.close());

describe("find_unused_keys", () => {
  test("finds a key that nothing used, and none that was", async () => {
    const made = await server.call("create_virtual_key", {
      name: "Forgotten",
      provider: "openai",
      key: "sk-x",
      workspace_id: "production",
    });
    expect(made.isError).toBe(false);
    server.forget();
    const { body } = await server.call("find_unused_keys", { workspace_slug: "production", days: 30 });
    const unused = body["unused"] as Record<string, unknown>[];
    expect(unused.map(({ kind, name }) => `${String(kind)} ${String(name)}`)).toEqual([
      "api_key Sandbox workspace key",
      "virtual_key Forgotten",
    ]);
    expect(unused[1]).toMatchObject({
      young: expect.stringContaining("within the window"),
      remove_with: { tool: "delete_virtual_key", arguments: { slug: expect.any(String) } },
    });
    expect(body).not.toHaveProperty("not_checked");
    expect(server.writes()).toEqual([]);
  });

  test("marks the key that this server works with, and does not say how to delete it", async () => {
    const own = await startSandboxServer({ keys: "both" });
    const { body } = await own.call("find_unused_keys", { workspace_slug: "production" });
    await own.close();
    const key = (body["unused"] as Record<string, unknown>[]).find(({ name }) => name === "Sandbox workspace key");
    expect(key).toMatchObject({ in_use_by_this_server: expect.stringContaining("do not delete it") });
    expect(key).not.toHaveProperty("remove_with");
  });

  test("a used key is not taken for unused because of numbers as text", async () => {
    const { context } = fakeContext({
      list_api_keys: {
        data: [
          { id: "used", name: "a" },
          { id: "idle", name: "b", created_at: "2020-01-01T00:00:00Z" },
          { id: "admin", name: "c", type: "organisation-service" },
        ],
      },
      list_virtual_keys: { data: [] },
      get_request_analytics: ({ api_key_ids }: { api_key_ids?: unknown }) => ({
        summary: { total: api_key_ids === "used" ? "12" : "0" },
      }),
    });
    const { unused, not_checked } = await findUnusedKeys({ workspace_slug: "w" }, context);
    expect(not_checked).toMatch(/^1 keys of the organisation/);
    expect(unused).toEqual([
      {
        kind: "api_key",
        id: "idle",
        name: "b",
        created_at: "2020-01-01T00:00:00Z",
        remove_with: { tool: "delete_api_key", arguments: { id: "idle" } },
      },
    ]);
  });

  test("a figure that cannot be read is a failure, never a key without use", async () => {
    server.failAt(5);
    expect((await server.call("find_unused_keys", { workspace_slug: "production" })).isError).toBe(true);
  });

  test.each([0, 1.5, 400, "seven"])("%j days are refused", async (days) => {
    const { isError, text } = await server.call("find_unused_keys", { workspace_slug: "production", days });
    expect(isError).toBe(true);
    expect(text).toContain("days must be");
    expect(server.sent).toEqual([]);
  });
});

describe("explain_cost", () => {
  const explain = async (more = {}) =>
    (await past.call("explain_cost", { workspace_slug: "production", metadata_key: "app", until, ...more })).body;
  const sum = (rows: unknown, pick: keyof CostRow) =>
    (rows as CostRow[]).reduce((total, row) => total + Number(row[pick]), 0);

  test("each breakdown adds up to the total, and the seed's spike is found", async () => {
    const body = await explain();
    const { cost } = body["window"] as { cost: number };
    const tables = ["by_model", "by_user", "by_api_key", "by_metadata_app"];
    const differing = tables.filter((table) => !(Math.abs(sum(body[table], "cost") - cost) < 5));
    expect(differing).toEqual([]);
    expect(body["findings"]).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^Cost rose by/),
        expect.stringMatching(/^By model: claude-sonnet-4 accounts for/),
        expect.stringMatching(/^By metadata app: batch accounts for/),
      ]),
    );
    expect(past.writes()).toEqual([]);
  });

  test("the dearest day is what its own window says, and who made it stands against their other days", async () => {
    const body = await explain();
    const daily = body["daily"] as { day: string; cost: number }[];
    expect(daily.map(({ day }) => day)).toEqual(Array.from({ length: 8 }, (_, index) => `2026-11-${13 + index}`));
    const { peak } = body["window"] as { peak: { at: string; cost: number; made_by: Record<string, object> } };
    expect(peak.cost).toBe(Math.max(...daily.map(({ cost }) => cost)));
    const end = new Date(Date.parse(peak.at) + 86_400_000).toISOString();
    const alone = await explain({ days: 1, until: end });
    expect((alone["window"] as { cost: number }).cost).toBe(peak.cost);
    expect(peak.made_by).toMatchObject({
      api_key: { name: expect.stringContaining("nightly-batch") },
      model: { name: "claude-sonnet-4" },
      user: { name: "ben@sandbox.example" },
    });
    const makers = Object.values(peak.made_by) as { cost: number; normal_day: number }[];
    expect(makers.filter(({ cost, normal_day }) => !(cost > normal_day))).toEqual([]);
    expect(body["findings"]).toContainEqual(
      expect.stringMatching(/^The dearest day was 2026-11-15 .*Most of it .*api key "nightly-batch \(/),
    );
  });

  test("a window of many days is not told day by day", async () => {
    const body = await explain({ days: 60 });
    expect(body).not.toHaveProperty("daily");
    expect(body["findings"]).toEqual(expect.arrayContaining([expect.stringMatching(/^Cost /)]));
  });

  test("the windows can be chosen", async () => {
    const body = await explain({ days: 3, until: "2026-11-10T00:00:00Z", previous_until: "2026-11-01T00:00:00Z" });
    expect(body["window"]).toMatchObject({ from: "2026-11-07T00:00:00.000Z", to: "2026-11-10T00:00:00.000Z" });
    expect(body["previous_window"]).toMatchObject({ from: "2026-10-29T00:00:00.000Z", to: "2026-11-01T00:00:00.000Z" });
  });

  test("a time that is none is refused", async () => {
    const { isError, text } = await server.call("explain_cost", { workspace_slug: "production", until: "yesterday" });
    expect(isError).toBe(true);
    expect(text).toContain('"yesterday" is no ISO 8601 time');
  });

  test("a breakdown that cannot be read is named, and the others are there", async () => {
    const graph = { summary: { total: 10 }, data_points: [] };
    const { context } = fakeContext({
      get_cost_analytics: graph,
      get_request_analytics: graph,
      get_token_analytics: graph,
      get_analytics_group_models: { data: [{ ai_model: "m", requests: "4", cost: "10" }] },
      get_user_stats: () => {
        throw new PortkeyMcpError("PORTKEY", "403: no");
      },
      list_api_keys: [],
    });
    expect(await explainCost({ workspace_slug: "w" }, context)).toMatchObject({
      by_model: [{ name: "m", cost: 10, previous_cost: 10, requests: 4 }],
      unread: [{ breakdown: "by_user", error: "403: no" }],
    });
  });
});

describe("a breakdown", () => {
  const share = (name: string, cost: number) => ({ name, cost });
  test.each<[string, Parameters<typeof breakDownCosts>, CostRow[]]>([
    [
      "puts the largest change first",
      [[share("a", 5), share("b", 9)], [share("a", 4), share("b", 1)], { now: 14, before: 5 }, 10],
      [
        { name: "b", cost: 9, previous_cost: 1, change: 8 },
        { name: "a", cost: 5, previous_cost: 4, change: 1 },
      ],
    ],
    [
      "has members of either window",
      [[share("new", 3)], [share("old", 2)], { now: 3, before: 2 }, 10],
      [
        { name: "new", cost: 3, previous_cost: 0, change: 3 },
        { name: "old", cost: 0, previous_cost: 2, change: -2 },
      ],
    ],
    [
      "adds the rest up",
      [[share("a", 50), share("b", 30)], [], { now: 100, before: 0 }, 1],
      [
        { name: "a", cost: 50, previous_cost: 0, change: 50 },
        { name: "(others)", cost: 50, previous_cost: 0, change: 50 },
      ],
    ],
    [
      "says what only the window before has besides its members",
      [[share("a", 50)], [share("a", 20)], { now: 50, before: 80 }, 10],
      [
        { name: "a", cost: 50, previous_cost: 20, change: 30 },
        { name: "(others)", cost: 0, previous_cost: 60, change: -60 },
      ],
    ],
    [
      "leaves out members without traffic, and names the nameless",
      [[share("", 2), share("idle", 0)], [], { now: 2, before: 0 }, 10],
      [{ name: "(none)", cost: 2, previous_cost: 0, change: 2 }],
    ],
  ])("%s", (_title, given, want) => {
    expect(breakDownCosts(...given)).toEqual(want);
  });
});

describe("findings", () => {
  const totals = (cost: number, requests: number, tokens: number) => ({ cost, requests, tokens });
  test.each<[string, Parameters<typeof costFindings>, RegExp[]]>([
    ["of nothing", [totals(0, 0, 0), totals(0, 0, 0), {}], [/^Nothing was spent/]],
    ["of a beginning", [totals(10, 1, 10), totals(0, 0, 0), {}], [/^Cost rose from nothing from 0 cents to 10 cents/]],
    [
      "of dearer requests",
      [totals(20, 10, 100), totals(10, 10, 100), {}],
      [
        /^Cost rose by 100 %/,
        new RegExp(
          "Requests stayed the same, cost per request rose by 100 %, tokens per request stayed the same, " +
            "cost per 1,000 tokens rose by 100 %",
        ),
      ],
    ],
    [
      "of who moved it",
      [totals(5, 1, 1), totals(15, 1, 1), { by_user: [{ name: "ada", cost: 0, previous_cost: 9, change: -9 }] }],
      [/^Cost fell/, /^Requests/, /^By user: ada accounts for -9 cents of -10 cents \(90 %\), gone in this window/],
    ],
  ])("%s", (_title, given, want) => {
    expect(costFindings(...given)).toEqual(want.map((each) => expect.stringMatching(each)));
  });
});
