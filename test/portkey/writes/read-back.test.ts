/** After an update that Portkey answers with nothing, the answer shows what stands there now. */
import { describe, expect, test } from "vitest";
import { callRecord } from "../../../src/portkey/call-record.ts";
import { createReadBack } from "../../../src/portkey/writes/read-back.ts";
import { args, context, portkeyAt, record } from "../records.ts";
import { json, startUpstream, type Received } from "../upstream.ts";

const PATH = { path: "/things/{thingId}", arguments: args("path", "thing_id=thingId!") };
const GET = record({ name: "get_thing", ...PATH });
const UPDATE = record({
  name: "update_thing",
  ...PATH,
  method: "PUT",
  risk: "update",
  arguments: [...PATH.arguments, ...args("body", "name", "limits", "key", "items")],
  body: "fields",
});
const LIST = record({ name: "list_items", path: "/things/{thingId}/items", arguments: PATH.arguments });
const UPDATE_LIST = record({ ...UPDATE, name: "update_items", path: LIST.path ?? "" });
const RECORDS = [UPDATE, GET, LIST, UPDATE_LIST];

interface Case {
  /** What the write is answered, and what each reading after it is; a number is a status. */
  readonly write?: unknown;
  readonly reads: readonly unknown[];
  readonly given?: Record<string, unknown>;
  readonly tool?: typeof UPDATE;
  readonly mayRead?: boolean;
  readonly records?: typeof RECORDS;
  readonly credentials?: { workspaceKey?: string; adminKey?: string };
  readonly patienceMs?: number;
}

async function update({ write = {}, reads, given = { name: "new" }, tool = UPDATE, ...more }: Case) {
  let looked = 0;
  const upstream = await startUpstream((response, { method }: Received) => {
    const body = method === "PUT" ? write : reads[Math.min(looked++, reads.length - 1)];
    if (body === "never") return;
    if (typeof body === "number") return json(response, body, { message: "no" });
    return body === "" ? response.writeHead(200).end() : json(response, 200, body);
  });
  const portkey = portkeyAt(upstream.origin, { maxRetries: 0 });
  const readBack = createReadBack(portkey, {
    records: more.records ?? RECORDS,
    waitsMs: [1, 1],
    ...(more.patienceMs && { patienceMs: more.patienceMs }),
  });
  const carried = context({
    ...(more.mayRead !== undefined && { mayRead: () => more.mayRead as boolean }),
    ...(more.credentials && { credentials: more.credentials }),
  });
  const values = { thing_id: "t1", ...given };
  const result = await callRecord(
    portkey,
    { record: tool, args: values, context: carried },
    { maxResultBytes: 40_000, readBack },
  );
  await upstream.close();
  const keys = upstream.received.map(({ headers }) => headers["x-portkey-api-key"]);
  return { ...result, body: result.body as Record<string, unknown>, looked, keys };
}

const done = { ok: true, changed: { tool: "update_thing", ids: { thing_id: "t1" }, fields: ["name"] } };

describe("what stands there now", () => {
  test.each([[{}], [{ success: true }], [""], [null]])("after %j", async (write) => {
    const { body, warnings, looked } = await update({ write, reads: [{ id: "t1", name: "new", other: 1 }] });
    expect(body).toMatchObject({ ...done, now: { name: "new" } });
    expect(body["now"]).toEqual({ name: "new" });
    expect(warnings).toEqual([]);
    expect(looked).toBe(1);
  });

  test("an object that Portkey wraps", async () =>
    expect((await update({ reads: [{ success: true, data: { name: "new" } }] })).body["now"]).toEqual({ name: "new" }));

  test("an answer that says something is not read again", async () => {
    const { body, looked } = await update({ write: { id: "t1", name: "new" }, reads: [] });
    expect(body).toEqual({ id: "t1", name: "new" });
    expect(looked).toBe(0);
  });

  const rows = [
    { id: "a", enabled: 1, name: "A" },
    { id: "b", enabled: true },
  ];
  test.each([
    ["beside its total", { items: rows, total: 2 }],
    ["in data", { data: rows }],
    ["by itself", rows],
  ])("of a list that is answered %s, the items that were written", async (_how, answer) => {
    const { body, warnings } = await update({
      tool: UPDATE_LIST,
      given: { items: [{ id: "a", enabled: true }] },
      reads: [answer],
    });
    expect(body["now"]).toEqual({ items: [rows[0]] });
    expect(warnings).toEqual([]);
  });

  test("an object that only its list shows", async () => {
    const things = record({ name: "list_things", path: "/things" });
    const reads = [
      {
        data: [
          { id: "t0", name: "old" },
          { id: "t1", name: "new" },
        ],
      },
    ];
    expect((await update({ reads, records: [UPDATE, things] })).body["now"]).toEqual({ name: "new" });
    const absent = await update({ reads: [{ data: [{ id: "t0", name: "old" }] }], records: [UPDATE, things] });
    expect(absent.body).toEqual(done);
    expect((await update({ reads: [], records: [UPDATE] })).looked).toBe(0);
  });

  test("no secret, and nothing where only secrets were written", async () => {
    const both = await update({ given: { key: "sk-123", name: "new" }, reads: [{ key: "sk-123", name: "new" }] });
    expect(both.text).not.toContain("sk-123");
    expect(both.body["now"]).toEqual({ name: "new" });
    const inside = { limits: { api_key: "sk-123", most: 1 } };
    expect((await update({ given: inside, reads: [inside] })).text).not.toContain("sk-123");
    expect((await update({ given: { key: "sk-123" }, reads: [{}] })).looked).toBe(0);
  });

  test("a large value stays small", async () => {
    const large = { limits: { text: "x".repeat(100_000) } };
    expect((await update({ given: large, reads: [large] })).text.length).toBeLessThan(6_000);
  });
});

describe("another value than the given one", () => {
  test("is told with both, after three looks", async () => {
    const { body, warnings, looked } = await update({ reads: [{ name: "old" }] });
    expect(body["now"]).toEqual({ name: "old" });
    expect(warnings).toEqual([
      'name stands at "old", not at "new" as given: the API kept or changed it, or its answer is behind (update_thing)',
    ]);
    expect(looked).toBe(3);
  });

  test.each([
    ["the second", [{ name: "old" }, { name: "new" }], 2],
    ["the third", [{ name: "old" }, { name: "old" }, { name: "new" }], 3],
  ])("an answer that is behind is read again: %s look shows it", async (_, reads, times) => {
    const { body, warnings, looked } = await update({ reads });
    expect(body["now"]).toEqual({ name: "new" });
    expect(warnings).toEqual([]);
    expect(looked).toBe(times);
  });

  test("a later look that fails leaves the earlier one", async () =>
    expect((await update({ reads: [{ name: "old" }, 500] })).body["now"]).toEqual({ name: "old" }));
});

describe("the write's answer is never lost", () => {
  test.each([
    [
      "the reading is refused",
      { reads: [403] },
      "Done. What stands there now could not be read: get_thing: Portkey answered 403",
    ],
    ["the object is not there", { reads: [404] }, "Done. What stands there now could not be read"],
    [
      "the reading does not end",
      { reads: ["never"], patienceMs: 50 },
      "Done. What stands there now could not be read, in time",
    ],
  ] as [string, Case, string][])("%s", async (_, given, note) => {
    const { body, warnings, notes } = await update(given);
    expect(body).toEqual(done);
    expect(warnings).toEqual([]);
    expect(notes).toEqual([expect.stringContaining(note)]);
  });

  test("what the caller may not read is not read", async () => {
    const { body, looked, notes } = await update({ mayRead: false, reads: [{ name: "new" }] });
    expect(body).toEqual(done);
    expect([looked, notes]).toEqual([0, []]);
  });

  test("an answer without the fields says nothing", async () =>
    expect((await update({ reads: [{ id: "t1" }] })).body).toEqual(done));
});

test("the reading takes the key of the write", async () => {
  const credentials = { workspaceKey: "wk", adminKey: "ak" };
  const reads = [{ name: "new" }];
  expect((await update({ credentials, reads })).keys).toEqual(["wk", "wk"]);
  expect(
    (await update({ credentials, reads, given: { name: "new" }, tool: { ...UPDATE, reach: "organisation" } })).keys,
  ).toEqual(["ak", "ak"]);
});
