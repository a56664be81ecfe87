/** What goes out although the document does not say so, and what is read otherwise than it is written. */
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { createCheck } from "../../src/portkey/request/check.ts";
import type { ToolRecord } from "../../src/catalog/record.ts";
import { args, record } from "./records.ts";

const FIELDS = args("body", "name!", "config", "count", "rate", "on", "tags", "mode", "either", "limits", "key");
const CREATE = record({ name: "make", method: "POST", risk: "create", arguments: FIELDS, body: "fields" });
const UPDATE = record({
  name: "change",
  method: "PUT",
  path: "/x/{thingId}",
  risk: "update",
  arguments: [...args("path", "thing_id=thingId!"), ...args("query", "dry"), ...FIELDS],
  body: "fields",
});
const FIND = record({ name: "find", arguments: args("query", "page_size", "exact", "search") });
const OWN = record({ name: "own", source: "composite", composite: "x", arguments: args("own", "days", "parts") });
delete (OWN as { method?: unknown }).method;

const limit = z.object({ amount: z.number(), unit: z.string().optional() });
const body = z.object({
  name: z.string(),
  config: z.object({ targets: z.array(z.object({ weight: z.number() })).optional() }).optional(),
  count: z.int().optional(),
  rate: z.number().optional(),
  on: z.boolean().optional(),
  tags: z.array(z.string()).optional(),
  mode: z.union([z.literal(0), z.literal(1)]).optional(),
  either: z.union([z.string(), z.object({ id: z.string() })]).optional(),
  limits: z.array(limit).optional(),
  key: z.enum(["a", "b"]).optional(),
});
const check = createCheck({
  things: async () => ({
    validators: {
      make: { body },
      change: { path: z.object({ thingId: z.string() }), body },
      find: { query: z.object({ page_size: z.int().optional(), exact: z.boolean().optional() }) },
      own: { own: z.object({ days: z.int().optional(), parts: z.array(z.string()).optional() }) },
    },
  }),
});
const NOTE = "was given as text and is read as the JSON that it holds";
const refusal = (tool: ToolRecord, given: unknown) =>
  check(tool, given).then(
    () => "nothing",
    (error: Error) => error.message,
  );

describe("text that can only mean a value of another type is read as it", () => {
  const asText: readonly (readonly [what: string, given: object, meant: object, paths: readonly string[]])[] = [
    ["an object", { config: '{"targets":[{"weight":0.5}]}' }, { config: { targets: [{ weight: 0.5 }] } }, ["config"]],
    ["a list", { tags: ' ["a","b"] ' }, { tags: ["a", "b"] }, ["tags"]],
    ["a whole number", { count: "10" }, { count: 10 }, ["count"]],
    ["a number", { rate: "-1.5e3" }, { rate: -1500 }, ["rate"]],
    ["a boolean", { on: "true" }, { on: true }, ["on"]],
    ["a number among few", { mode: "1" }, { mode: 1 }, ["mode"]],
    [
      "one inside",
      { config: { targets: [{ weight: "2" }] } },
      { config: { targets: [{ weight: 2 }] } },
      ["config.targets[0].weight"],
    ],
    [
      "text within text",
      { config: '{"targets":"[{\\"weight\\":\\"3\\"}]"}' },
      { config: { targets: [{ weight: 3 }] } },
      ["config", "config.targets", "config.targets[0].weight"],
    ],
  ];
  describe.each<[string, (given: object) => object]>([
    ["beside the others", (given) => ({ name: "n", ...given })],
    ["in more", (given) => ({ name: "n", more: given })],
  ])("%s", (_where, callWith) => {
    test.each(asText)("%s", async (_what, given, meant, paths) => {
      const { request, warnings } = await check(CREATE, callWith(given));
      expect(request.body).toEqual({ name: "n", ...meant });
      expect(warnings).toEqual(paths.map((path) => `${path} ${NOTE}`));
    });
  });

  test("in `more`, in `fields`, in the flags, and as all of the arguments", async () => {
    const whole = await check(
      CREATE,
      '{"name":"n","more":"{\\"count\\":\\"2\\"}","dry_run":"true","fields":"[\\"id\\"]"}',
    );
    expect(whole.request.body).toEqual({ name: "n", count: 2 });
    expect(whole.parsed).toMatchObject({ dryRun: true, fields: [[{ name: "id" }]] });
    expect(whole.warnings).toEqual([
      `arguments ${NOTE}`,
      `more ${NOTE}`,
      `fields ${NOTE}`,
      `dry_run ${NOTE}`,
      `count ${NOTE}`,
    ]);
  });

  test("of a tool of our own", async () => {
    expect((await check(OWN, { days: "7", parts: '["a"]' })).parsed.values).toEqual({ days: 7, parts: ["a"] });
  });

  test("a number in a query is the same bytes, so nothing is noted", async () => {
    const { request, warnings } = await check(FIND, { page_size: "50", exact: "false" });
    expect(request.query).toEqual({ page_size: 50, exact: false });
    expect(warnings).toEqual([]);
  });

  test.each([
    ["a string is possible", { either: '{"id":"x"}' }],
    ["a string is possible among few", { key: "1" }],
    ["a string is meant", { name: '["a"]' }],
    ["the document says nothing", { name: "n", unheard_of: '{"a":1}' }],
  ])("it stays text where %s", async (_why, given) => {
    expect((await check(CREATE, { name: "n", ...given })).request.body).toEqual({ name: "n", ...given });
  });

  test.each([
    ["another type", { config: "[1]" }, "config must be an object, got a string"],
    ["broken JSON", { config: '{"a":' }, "config must be an object, got a string"],
    ["another notation", { count: "0x10" }, "count must be a number, got a string"],
    ["leading zeros", { count: "007" }, "count must be a number, got a string"],
    ["blanks", { count: "" }, "count must be a number, got a string"],
    ["more digits than are exact", { rate: "0.12345678901234567" }, "rate must be a number, got a string"],
    ["more than a number can be", { rate: "1e400" }, "rate must be a number, got a string"],
    ["less than a number can be", { rate: "1e-400" }, "rate must be a number, got a string"],
    ["another word", { on: "yes" }, "on must be a boolean, got a string"],
    ["null", { config: "null" }, "config must be an object, got a string"],
    ["what is wrong inside", { config: '{"targets":[{"weight":"x"}]}' }, "config.targets[0].weight must be a number"],
  ])("%s stays an error", async (_what, given, message) => {
    expect(await refusal(CREATE, { name: "n", ...given })).toContain(message);
  });

  test("what is given is never changed, and what is not text stays the very object", async () => {
    const targets = [{ weight: 1 }];
    const given = { name: "n", config: { targets, note: "x" }, count: "1", limits: '[{"amount":"2"}]' };
    const before = structuredClone(given);
    const { request } = await check(CREATE, given);
    expect(given).toEqual(before);
    expect((request.body as typeof given).config).toBe(given.config);
  });
});

describe("null", () => {
  const CLEARS = "null is not documented here: it goes out as given, and clears the field where the API allows that";
  test.each([
    [{ config: null }, ["config"]],
    [{ tags: null, limits: null }, ["tags", "limits"]],
    [{ limits: [{ amount: null }] }, ["limits[0].amount"]],
    [{ key: null }, ["key"]],
    [{ either: { id: null } }, ["either.id"]],
  ])("in an update %j goes out with a warning", async (given, paths) => {
    const { request, warnings } = await check(UPDATE, { thing_id: "t", name: "n", ...given });
    expect(request.body).toEqual({ name: "n", ...given });
    expect(warnings).toEqual(paths.map((path) => `${path} ${CLEARS}`));
  });

  test("in a create it goes out too, but for what is required", async () => {
    const { request, warnings } = await check(CREATE, { name: "n", config: null, limits: [{ amount: 1, unit: null }] });
    expect(request.body).toEqual({ name: "n", config: null, limits: [{ amount: 1, unit: null }] });
    expect(warnings).toEqual([
      "config null is not documented here: it goes out as given",
      "limits[0].unit null is not documented here: it goes out as given",
    ]);
    expect(await refusal(CREATE, { name: null })).toContain("name must be a string, got null");
    expect(await refusal(CREATE, { name: "n", limits: [{ amount: null }] })).toContain("limits[0].amount must be");
  });

  test("that a path, a list or a required field would take is an error", async () => {
    expect(await refusal(UPDATE, { thing_id: null, name: "n" })).toContain("thing_id must be a string, got null");
    expect(await refusal(UPDATE, { thing_id: "t", name: null })).toContain("name must be a string, got null");
    expect(await refusal(UPDATE, { thing_id: "t", name: "n", tags: [null] })).toContain("tags[0] must be a string");
  });

  test("counts as left out where it can mean nothing else", async () => {
    const nothing = { more: null, fields: null, dry_run: null, all_pages: null };
    expect((await check(FIND, { ...nothing, page_size: null, search: "x", unheard_of: null })).request.query).toEqual({
      search: "x",
    });
    expect((await check(FIND, null)).parsed).toMatchObject({ dryRun: false, allPages: false, values: {} });
    expect((await check(OWN, { days: null, more: { parts: null } })).parsed.values).toEqual({});
    const { parsed, warnings } = await check(CREATE, { name: "n", ...nothing });
    expect([parsed.values, warnings]).toEqual([{ name: "n" }, []]);
  });
});

describe("a field that is not known", () => {
  test.each([
    ["POST", CREATE, { name: "n" }],
    ["PUT", UPDATE, { thing_id: "t", name: "n" }],
    ["PATCH", { ...UPDATE, method: "PATCH" as const }, { thing_id: "t", name: "n" }],
  ])("goes out in the body of a %s", async (_method, tool, rest) => {
    const { request, warnings } = await check(tool, { ...rest, icon: "🚪", more: { top_k: null } });
    expect(request.body).toEqual({ name: "n", icon: "🚪", top_k: null });
    expect(warnings).toEqual([`icon, top_k are not documented for ${tool.name}: they go out as given, in the body`]);
  });

  test.each([["GET" as const], ["DELETE" as const]])("goes out in the query of a %s", async (method) => {
    const { request, warnings } = await check({ ...FIND, method }, { version: "latest", ids: ["a", "b"] });
    expect(request).toMatchObject({ query: { version: "latest", ids: ["a", "b"] }, body: undefined });
    expect(warnings).toEqual(["version, ids are not documented for find: they go out as given, in the query"]);
  });

  test("makes a body where there was none, and none beside a whole one", async () => {
    const start = record({ name: "start", method: "POST", risk: "update" });
    expect((await check(start, { reason: "x" })).request.body).toEqual({ reason: "x" });
    const whole = record({
      name: "try",
      method: "POST",
      risk: "update",
      arguments: args("body", "body"),
      body: "whole",
    });
    expect((await check(whole, { reason: "x" })).request.body).toEqual({ reason: "x" });
    expect(await refusal(whole, { body: { a: 1 }, reason: "x" })).toContain("reason cannot stand beside body");
  });

  test.each([
    [
      "looks like a slip",
      CREATE,
      { name: "n", conifg: {} },
      "conifg is not an argument of make; the closest is config",
    ],
    [
      "is a part of a missing one",
      UPDATE,
      { id: "t", name: "n" },
      "id is not an argument of change; the closest is thing_id",
    ],
    ["means a tool of our own", OWN, { hours: 1 }, "hours is not an argument of own"],
    ["every object inherits", CREATE, { name: "n", constructor: 1 }, "constructor is not an argument of make"],
    ["would end its own name in a query", FIND, { "a&b=c": 1 }, "a&b=c is not an argument of find"],
    ["means dry_run where nothing is written", FIND, { dry_run: true }, "it only reads"],
  ])("is refused where it %s", async (_why, tool, given, message) => {
    expect(await refusal(tool, given)).toContain(message);
  });

  test("is refused where the setting says so", async () => {
    const strict = createCheck({}, { unknownFields: "refuse" });
    await expect(strict(CREATE, { name: "n", icon: "x" })).rejects.toMatchObject({
      message: expect.stringContaining("icon is not an argument of make; the closest is") as string,
    });
  });
});

test("what was checked is known to be right when it comes again", async () => {
  const { args: meant } = await check(CREATE, { more: { name: "n", count: "3" }, dry_run: true, fields: "id" });
  expect(meant).toEqual({ name: "n", count: 3, dry_run: true, fields: "id" });
  expect(await check(CREATE, meant)).toMatchObject({
    parsed: { dryRun: true },
    request: { body: { name: "n", count: 3 } },
  });
});
