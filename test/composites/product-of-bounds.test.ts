/** Each part of these is within its bound; what a composite makes of all of them must be too. */
import { describe, expect, test } from "vitest";
import { loadSchemas } from "../../src/catalog/editions.ts";
import { CompletionAssembly } from "../../src/composites/completion/assemble-completion.ts";
import { eventData } from "../../src/composites/completion/event-stream.ts";
import { checkConfig } from "../../src/composites/configs/config-rules.ts";
import { mapReferences } from "../../src/composites/configs/map-references.ts";
import { Journal } from "../../src/composites/steps/journal.ts";
import { composite as explainCost } from "../../src/composites/tools/explain-cost.ts";
import { composite as listUserRoles } from "../../src/composites/tools/list-user-roles.ts";
import { findChanges } from "../../src/composites/values/compare-fields.ts";
import { BOUNDS } from "../../src/errors/bounds.ts";
import { heapGrowth } from "../errors/heap-growth.ts";
import { processorTime } from "../errors/processor-time.ts";
import { fakeContext } from "./fake-context.ts";

const MB = 1024 * 1024;
const MOMENT_MS = 500;
const members = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`m${index}`, index]));
const rows = (count: number, row: (index: number) => object) => Array.from({ length: count }, (_, index) => row(index));

describe("a streamed completion", () => {
  const chunk = (part: string) => JSON.parse(`{"choices":[{"delta":{"x":[${part}]}}]}`) as Record<string, unknown>;

  test.each(["[]", "{}"])("a megabyte of %s takes little more than the megabyte", async (piece) => {
    const text = `${`${piece},`.repeat(MB / 3)}0`;
    const growth = await heapGrowth(async () => {
      const assembly = new CompletionAssembly();
      assembly.add(chunk(text));
      expect(JSON.stringify(assembly.answer()).length).toBeGreaterThan(MB / 2);
    }, 64 * MB);
    expect(growth).toBeLessThan(64 * MB);
  });

  test.each([
    ["values in a list", () => chunk(`${"1,".repeat(100_000)}1`), `more than ${BOUNDS.completionValues} values`],
    ["lists after lists", () => ({ a: Array(100_000).fill(0) }), `more than ${BOUNDS.completionValues} values`],
    [
      "choices",
      (at: number) => ({ choices: rows(100, (index) => ({ index: at * 100 + index })) }),
      `more than ${BOUNDS.completionChoices} choices`,
    ],
  ])("%s without end", (_, piece, message) => {
    const assembly = new CompletionAssembly();
    const addAll = () => {
      for (let at = 0; at < 20; at++) assembly.add(piece(at));
    };
    expect(addAll).toThrow(message);
    expect(JSON.stringify(assembly.answer()).length).toBeLessThan(20 * MB);
  });

  test("a text that comes in a million pieces is one value", () => {
    const assembly = new CompletionAssembly();
    const piece = { choices: [{ index: 0, delta: { content: "a" }, finish_reason: null }], usage: { total_tokens: 1 } };
    for (let at = 0; at < 50_000; at++) assembly.add(piece);
    expect(assembly.chunks).toBe(50_000);
  });

  test("one event of many lines is no longer than a line may be", async () => {
    const line = new TextEncoder().encode(`data: ${"x".repeat(MB)}\n`);
    const endless = async function* () {
      for (let count = 0; count < 20; count++) yield line;
    };
    await expect(eventData(endless()).next()).rejects.toThrow("An event in it is longer than 8 MB.");
  });
});

describe("what differs", () => {
  test.each([
    ["many fields under a long name", { ["n".repeat(MB / 2)]: members(20_000) }],
    ["many fields under many long names", deepUnder("k".repeat(5_000), 90, members(5_000))],
    ["very many fields", members(200_000)],
  ])("%s", (_, after) => {
    const changes = findChanges({}, after);
    expect(changes.length).toBeLessThanOrEqual(BOUNDS.changes + 1);
    expect(JSON.stringify(changes).length).toBeLessThan(2 * MB);
  });

  test("that more differs is said", () => {
    expect(findChanges({}, members(5_000)).at(-1)).toEqual({ field: "(more than 1000 fields differ)" });
    expect(findChanges(deepUnder("k", 50, 1), deepUnder("k", 50, 2))).toHaveLength(1);
  });
});

describe("a config of a megabyte is checked in a moment, and its warnings are few", () => {
  test.each([
    ["unknown members in many targets", { targets: rows(5_000, (at) => ({ [`foo${at}`]: 1, targets: [{ bar: 1 }] })) }],
    ["unknown members in one", members(60_000)],
    ["operators", conditions(rows(9_000, (at) => ({ query: { "metadata.a": { [`$foo${at}`]: 1 } }, then: "a" })))],
    ["conditions and targets", conditions(rows(15_000, (at) => ({ query: { "params.model": "x" }, then: `a${at}` })))],
    ["providers", { strategy: { mode: "single" }, targets: rows(20_000, (at) => ({ provider: `no${at}` })) }],
  ])("%s", async (_, config) => {
    let warnings: readonly string[] = [];
    const check = async () => (warnings = await checkConfig("create_config", config, { loadSchemas }));
    await check();
    expect(await processorTime(check)).toBeLessThan(MOMENT_MS);
    expect(JSON.stringify(warnings).length).toBeLessThan(50_000);
  });

  test.each(["constructor", "__proto__", "toString"])("a member called %s is unknown like any other", async (name) => {
    const config = JSON.parse(`{"provider":"@p","${name}":1}`) as object;
    expect(await checkConfig("create_config", config, { loadSchemas })).toEqual([
      expect.stringContaining(`config.${name} is no member of a config that is known`),
    ]);
  });
});

test("thousands of references are mapped to thousands of things in a moment", async () => {
  const things = rows(10_000, (at) => ({ slug: `p${at}-prod`, id: `i${at}`, name: `P ${at}` }));
  const { context } = fakeContext({ list_providers: { data: things } });
  const references = rows(10_000, (at) => ({ kind: "provider", slug: `p${at}-dev` })) as never;
  const map = () => mapReferences(new Journal(context), references, { source: "a", target: "b" }, {});
  expect((await map()).slice(0, 2)).toMatchObject([
    { slug: "p0-dev", to: "p0-prod", by: "slug without environment" },
    { slug: "p1-dev", to: "p1-prod" },
  ]);
  expect(await processorTime(map)).toBeLessThan(MOMENT_MS);
});

test("everybody's roles in very many workspaces are found in a moment", async () => {
  const { context } = fakeContext({
    list_all_users: { data: rows(10_000, (at) => ({ id: `u${at}` })) },
    list_workspaces: { data: rows(5_000, (at) => ({ id: `w${at}` })) },
    list_workspace_members: { data: [{ id: "u7", role: "admin" }] },
  });
  const list = () => listUserRoles({}, context);
  expect((await list())["data"]).toHaveLength(10_000);
  expect(await processorTime(list)).toBeLessThan(MOMENT_MS);
});

describe("the filters of analytics", () => {
  const spent = { summary: { total: 5 }, data_points: [] };
  const analytics = (models: readonly object[], providers: readonly object[]) =>
    fakeContext({
      get_cost_analytics: spent,
      get_request_analytics: spent,
      get_token_analytics: spent,
      get_user_stats: { data: [] },
      list_api_keys: { data: [{ id: "k,x", name: "two in one" }, { id: "i".repeat(MB) }] },
      get_analytics_group_models: { data: models },
      get_analytics_group_providers: { data: providers },
    });

  test.each([
    ["many models and providers", 5_000, 5_000, 20],
    ["long names of both", 20, 100, MB / 20],
  ])("%s", async (_, models, providers, length) => {
    const { context, calls } = analytics(
      rows(models, (at) => ({ ai_model: `m${at}${"x".repeat(length)}` })),
      rows(providers, (at) => ({ provider: `p${at}${"x".repeat(length)}` })),
    );
    await explainCost({ workspace_slug: "w" }, context);
    const longest = calls.reduce((most, { args }) => Math.max(most, JSON.stringify(args).length), 0);
    expect(longest).toBeLessThan(20_000);
    expect(calls.length).toBeLessThan(200);
  });

  test("a name or an id with a comma would ask about two things, and is not asked about", async () => {
    const { context, calls } = analytics(
      [{ ai_model: "a,b" }, { ai_model: "c" }],
      [{ provider: "x,y" }, { provider: "z" }],
    );
    await explainCost({ workspace_slug: "w" }, context);
    const filters = calls.flatMap(({ args }) => [args["ai_org_model"], args["api_key_ids"]]).filter(Boolean);
    expect([...new Set(filters)]).toEqual(["z__c"]);
  });
});

function deepUnder(name: string, levels: number, leaf: unknown): unknown {
  return levels === 0 ? leaf : { [name]: deepUnder(name, levels - 1, leaf) };
}

function conditions(list: readonly object[]): object {
  const targets = rows(15_000, (at) => ({ name: `t${at}`, provider: "@p" }));
  return { strategy: { mode: "conditional", conditions: list, default: "t0" }, targets };
}
