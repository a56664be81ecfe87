import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Sandbox } from "../../src/sandbox/sandbox.ts";
import { makeSandbox, moment, ok, send } from "./setup.ts";

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await makeSandbox();
});
beforeEach(() => sandbox.reset());

interface Query {
  readonly from?: string;
  readonly to?: string;
  readonly [filter: string]: string | undefined;
}

function pathOf(
  name: string,
  { from = "2026-10-20T00:00:00Z", to = "2026-11-22T12:00:00Z", ...filters }: Query,
): string {
  const query = new URLSearchParams({
    workspace_slug: "production",
    time_of_generation_min: from,
    time_of_generation_max: to,
    ...(filters as Record<string, string>),
  });
  return `/analytics/${name}?${query}`;
}

const get = (name: string, query: Query = {}) => ok(sandbox, "GET", pathOf(name, query));
const graph = (name: string, query: Query = {}) => get(`graphs/${name}`, query);
const total = async (name: string, query: Query = {}) => (await graph(name, query)).summary.total as number;
const sum = (points: Record<string, number>[], field: string) =>
  points.reduce((whole, point) => whole + (point[field] ?? 0), 0);

describe("the figures agree", () => {
  it.each(["requests", "cost", "tokens", "errors", "feedbacks"])("%s: points and summary", async (name) => {
    const { summary, data_points } = await graph(name);
    expect(summary.total).toBeGreaterThan(0);
    expect(sum(data_points, "total")).toBe(summary.total);
  });

  it("requests and every way to group them", async () => {
    const requests = await total("requests");
    const grouped = async (name: string) =>
      sum(
        (await get(`groups/${name}`)).data.map((group: { requests: unknown }) => ({
          requests: Number(group.requests),
        })),
        "requests",
      );
    expect(
      await Promise.all(["users", "ai-models", "provider", "metadata/app", "status_code", "api_key"].map(grouped)),
    ).toEqual(Array(6).fill(requests));
  });

  it("cost and the cost of each user", async () => {
    const users = (await get("groups/users")).data as { cost: string }[];
    expect(Math.round(users.reduce((whole, { cost }) => whole + Number(cost), 0))).toBe(await total("cost"));
  });

  it("errors, their rate, their codes and the filter for them", async () => {
    const [errors, requests] = [await total("errors"), await total("requests")];
    const { summary, data_points } = await graph("errors/status-codes");
    expect([summary.total_errors, sum(data_points, "count")]).toEqual([errors, errors]);
    expect((await graph("errors/rate")).summary.rate).toBe(Math.round((errors / requests) * 10_000) / 100);
    expect(
      await total("requests", {
        status_code: data_points.map((point: { status_code: number }) => point.status_code).join(),
      }),
    ).toBe(errors);
  });

  it("the cache's summary and graph", async () => {
    const { summary } = await get("summary/cache");
    const hits = await graph("cache/hit-rate");
    expect([summary.hits, summary.total_requests]).toEqual([hits.summary.total, await total("requests")]);
    expect(sum(hits.data_points, "simple_hits") + sum(hits.data_points, "semantic_hits")).toBe(summary.hits);
    expect(summary.cache_speedup).toBeGreaterThan(1);
  });

  it("two spans and the one they make", async () => {
    const middle = "2026-11-05T00:00:00.000Z";
    const before = await total("requests", { to: "2026-11-04T23:59:59.999Z" });
    expect(before + (await total("requests", { from: middle }))).toBe(await total("requests"));
  });

  it("feedback and its scores", async () => {
    const { summary, data_points } = await graph("feedbacks/scores");
    expect([summary.total, sum(data_points, "total")]).toEqual([await total("feedbacks"), await total("feedbacks")]);
    expect(sum((await graph("feedbacks/ai-models")).data_points, "total")).toBe(summary.total);
  });
});

describe("filters", () => {
  it.each<[string, Query]>([
    ["ai_org_model", { ai_org_model: "openai__gpt-4o,anthropic__claude-sonnet-4" }],
    ["metadata", { metadata: '{"app":"support"}' }],
    ["cost_min", { cost_min: "1" }],
    ["prompt_slug", { prompt_slug: "summarise-ticket" }],
    ["virtual_keys", { virtual_keys: "anthropic-production-vk" }],
    ["completion_token_max", { completion_token_max: "500" }],
  ])("%s takes some and leaves some, and what it leaves is the rest", async (_name, query) => {
    const part = await total("requests", query);
    expect(part).toBeGreaterThan(0);
    expect(part).toBeLessThan(await total("requests"));
  });

  it("shows where a spike comes from", async () => {
    const { data_points } = await graph("cost");
    const worst = data_points.reduce((a: { total: number }, b: { total: number }) => (b.total > a.total ? b : a));
    expect(worst.timestamp.slice(0, 10)).toMatch(/^2026-11-1[78]$/);
    const day = { from: worst.timestamp, to: new Date(Date.parse(worst.timestamp) + 86_399_999).toISOString() };
    const groups = (await get("groups/metadata/app", day)).data as { metadata_value: string; cost: number }[];
    expect(groups.reduce((a, b) => (b.cost > a.cost ? b : a)).metadata_value).toBe("batch");
  });

  it.each<[string, Query]>([
    ["a time that is none", { from: "yesterday" }],
    ["a number that is none", { cost_min: "much" }],
    ["metadata that is none", { metadata: "app" }],
  ])("refuses %s", async (_what, query) => {
    expect(await send(sandbox, "GET", pathOf("graphs/cost", query))).toMatchObject({
      status: 400,
      body: { data: { errorCode: "AB01" } },
    });
  });

  it("needs workspace and times", async () => {
    expect((await send(sandbox, "GET", "/analytics/graphs/cost")).body.data.message).toBe(
      "The query parameter workspace_slug is required.",
    );
  });
});

describe("points", () => {
  it.each([
    ["a few hours in fives of minutes", "2026-11-22T08:00:00Z", 5 * 60_000],
    ["a day in hours", "2026-11-21T12:00:00Z", 3_600_000],
    ["a month in days", "2026-10-22T12:00:00Z", 86_400_000],
  ])("cuts %s", async (_what, from, size) => {
    const { data_points } = await graph("requests", { from });
    const [first, second] = data_points.map((point: { timestamp: string }) => Date.parse(point.timestamp));
    expect(second - first).toBe(size);
    expect(data_points.length).toBeLessThanOrEqual(97);
  });
});

it("counts what is inserted, and feedback on it", async () => {
  const before = [await total("requests"), await total("errors"), await total("feedbacks")];
  const entry = (status: number, trace_id: string) => ({
    request: { url: "https://example.com", body: { model: "gpt-4o" } },
    response: { status, body: { usage: { prompt_tokens: 1000, completion_tokens: 100 } } },
    metadata: { trace_id },
  });
  expect(
    await send(sandbox, "POST", "/logs", { key: sandbox.keys.workspace, body: [entry(200, "one"), entry(500, "two")] }),
  ).toMatchObject({ status: 200, body: "" });
  const { feedback_ids } = await ok(sandbox, "POST", "/feedback", {
    key: sandbox.keys.workspace,
    body: { trace_id: "one", value: 5 },
  });
  expect([await total("requests"), await total("errors"), await total("feedbacks")]).toEqual([
    before[0]! + 2,
    before[1]! + 1,
    before[2]! + 1,
  ]);
  await ok(sandbox, "PUT", `/feedback/${feedback_ids[0]}`, { key: sandbox.keys.workspace, body: { value: -3 } });
  expect((await graph("feedbacks/scores", { trace_id: "one" })).data_points).toEqual([{ score: -3, total: 1 }]);
  expect((await ok(sandbox, "GET", "/logs/one")).metrics.cost).toBe(0.35);
});

it("says how much of a limit each value has used, and starts a count anew", async () => {
  const entities = async () =>
    (await ok(sandbox, "GET", "/policies/usage-limits/monthly-cost-per-key/entities")).data as {
      id: string;
      value_key: string;
      current_usage: number;
    }[];
  const [first] = await entities();
  const cost = (
    await get("groups/api_key", {
      from: new Date(moment - 30 * 86_400_000).toISOString(),
      api_key_ids: first!.value_key,
    })
  ).data[0].cost;
  expect(first!.current_usage).toBe(cost);
  await ok(sandbox, "PUT", `/policies/usage-limits/monthly-cost-per-key/entities/${first!.id}/reset`);
  expect((await entities()).find(({ id }) => id === first!.id)?.current_usage).toBe(0);
  expect((await send(sandbox, "PUT", "/policies/usage-limits/monthly-cost-per-key/entities/none/reset")).status).toBe(
    404,
  );
});

it("starts the count of one value anew by its name", async () => {
  const path = "/policies/usage-limits/monthly-cost-per-key";
  const [first] = (await ok(sandbox, "GET", `${path}/entities`)).data;
  await ok(sandbox, "PUT", path, { body: { reset_usage_for_value: first.value_key, credit_limit: 1 } });
  const { data } = await ok(sandbox, "GET", `${path}/entities?search=${first.value_key}`);
  expect(data.map((each: { current_usage: number }) => each.current_usage)).toEqual([0]);
  expect(await ok(sandbox, "GET", path)).toMatchObject({
    credit_limit: 1,
    value_key_usage_map: { [first.value_key]: { current_usage: 0, status: "active" } },
  });
});

it("shows only the columns that are asked for", async () => {
  const { data } = await ok(sandbox, "GET", "/analytics/groups/model?columns=cost");
  expect(data.length).toBeGreaterThan(4);
  expect(data.every((each: object) => Object.keys(each).join() === "model,cost,object")).toBe(true);
});

it("is the same in every sandbox at the same hour", async () => {
  const other = await makeSandbox({ now: () => moment + 60_000 });
  const path = pathOf("graphs/cost", {});
  expect(await ok(other, "GET", path)).toEqual(await ok(sandbox, "GET", path));
});

it("groups by nothing it does not know", async () => {
  expect((await send(sandbox, "GET", "/analytics/groups/colour")).status).toBe(400);
});
