import { describe, expect, test } from "vitest";
import { toResult } from "../../src/portkey/response/result.ts";
import { CREATE, LIST, record, UPDATE } from "./records.ts";
import { callRecord } from "../../src/portkey/call-record.ts";
import { context, portkeyAt } from "./records.ts";
import { json, startUpstream } from "./upstream.ts";

const answer = (body: unknown, status = 200) => ({
  status,
  body,
  requestId: "r1",
  traceId: "t1",
  warnings: ["careful"],
});
const at = (maxResultBytes: number) => ({ maxResultBytes });
const WIDE = at(40_000);
const GET = record({ arguments: [{ name: "thing_id", api: "thingId", place: "path", required: true }] });

describe("an answer that fits is Portkey's own", () => {
  test.each([
    [{ b: 1, a: null, list: [] }, '{"b":1,"a":null,"list":[]}'],
    [[1, 2], "[1,2]"],
    ["plain\ntext", "plain\ntext"],
    [null, "null"],
    [0, "0"],
  ])("%j", (body, text) => {
    expect(toResult(record(), answer(body), {}, WIDE)).toEqual({
      body,
      text,
      status: 200,
      requestId: "r1",
      traceId: "t1",
      warnings: ["careful"],
    });
  });
  test("a list gets has_more beside it, and no member of Portkey's changes", () => {
    const body = { data: [{ id: 1 }], total: 1, has_more: false, next: "theirs" };
    expect(toResult(LIST, answer(body), {}, WIDE).body).toEqual(body);
    expect(toResult(LIST, answer({ data: [{ id: 1 }], total: 5 }), { search: "x" }, WIDE).text).toBe(
      '{"data":[{"id":1}],"total":5,"has_more":true,"next":{"search":"x","current_page":1,"page_size":1}}',
    );
  });
  test("a bare array of a paged tool is wrapped", () => {
    expect(toResult(LIST, answer([1]), {}, WIDE).body).toEqual({ data: [1], has_more: false });
  });
  test("arguments in more reach next as arguments", () => {
    expect(
      toResult(LIST, answer({ data: [1], total: 2 }), { more: { page_size: 1, fields: "id" } }, WIDE).body,
    ).toMatchObject({ next: { page_size: 1, current_page: 1, fields: "id" } });
  });
});

describe("what Portkey wrote", () => {
  const read = (list: typeof LIST, json: string, more = {}) =>
    toResult(list, { ...answer(JSON.parse(json)), json }, more, WIDE).text;
  test("stays as it was, numbers that JavaScript would round included", () => {
    expect(read(record(), '{"id":12345678901234567890,"cost":1.10}')).toBe('{"id":12345678901234567890,"cost":1.10}');
    expect(read(record(), '"a\\nb"')).toBe("a\nb");
  });
  test("loses the spaces between its tokens, and gets notes beside it", () => {
    expect(read(LIST, '{ "data": [{"id": 12345678901234567890}], "total": 1 }')).toBe(
      '{"data":[{"id":12345678901234567890}],"total":1,"has_more":false}',
    );
    expect(read(LIST, "[1.0]")).toBe('{"data":[1.0],"has_more":false}');
    expect(read(LIST, '{"data":[1],"total":1,"has_more":false}')).toBe('{"data":[1],"total":1,"has_more":false}');
  });
  test("is parsed where only a part of it was asked for", () =>
    expect(read(record(), '{"id":1.0,"b":2}', { fields: "id" })).toBe('{"id":1}'));
});

describe("an answer that says nothing", () => {
  test.each([
    [{}, {}],
    [undefined, {}],
    [null, {}],
    ["", {}],
    [{ success: true }, { success: true }],
  ])("%j of a write says what was changed", (body, kept) => {
    expect(toResult(UPDATE, answer(body), { thing_id: "t1", name: "n", config: null }, WIDE).body).toEqual({
      ...kept,
      ok: true,
      changed: { tool: "update_thing", ids: { thing_id: "t1" }, fields: ["name", "config"] },
    });
  });
  test("of a read is an empty answer", () => {
    expect(toResult(record(), answer(undefined, 204), {}, WIDE).body).toEqual({
      ok: true,
      status: 204,
      note: "The API answered with an empty body",
    });
    expect(toResult(record(), answer({}), {}, WIDE).body).toEqual({});
  });
  test("anything it does say stays", () =>
    expect(toResult(UPDATE, answer({ id: 1 }), { thing_id: "t" }, WIDE).body).toEqual({ id: 1 }));
});

describe("a list that is too large", () => {
  const items = (count: number, from = 0) =>
    Array.from({ length: count }, (_, index) => ({ id: from + index, text: "ä".repeat(50) }));
  type Shown = {
    data: { id: number }[];
    has_more: boolean;
    next: Record<string, unknown>;
    _cut: { left_out: number; of: number; how_to_get: string };
  };

  test.each([2_000, 5_000, 10_000])(
    "is cut between two items, within %i bytes, and every item of it is accounted for",
    (maxResultBytes) => {
      const { text } = toResult(
        LIST,
        answer({ data: items(200), total: 200 }),
        { page_size: 200, search: "x" },
        at(maxResultBytes),
      );
      const shown = JSON.parse(text) as Shown;
      expect(Buffer.byteLength(text)).toBeLessThanOrEqual(maxResultBytes);
      expect(shown.data).toEqual(items(200).slice(0, shown.data.length));
      expect(shown._cut).toMatchObject({ left_out: 200 - shown.data.length, of: 200 });
      expect(shown).toMatchObject({
        has_more: true,
        next: { search: "x", page_size: shown.data.length, current_page: 1 },
      });
    },
  );

  test("following next reads every item, in order", async () => {
    const upstream = await startUpstream((response, { url }) => {
      const query = new URL(url, "http://x").searchParams;
      const size = Number(query.get("page_size") ?? 100);
      const from = Number(query.get("current_page") ?? 0) * size;
      json(response, 200, { data: items(Math.max(0, Math.min(size, 230 - from)), from), total: 230 });
    });
    const seen: number[] = [];
    let args: Record<string, unknown> | undefined = {};
    for (let calls = 0; args !== undefined && calls < 100; calls++) {
      const { body } = await callRecord(
        portkeyAt(upstream.origin),
        { record: LIST, args, context: context() },
        at(6_000),
      );
      const shown = body as Shown;
      seen.push(...shown.data.map(({ id }) => id));
      args = shown.has_more ? shown.next : undefined;
    }
    await upstream.close();
    expect([...new Set(seen)]).toEqual(Array.from({ length: 230 }, (_, id) => id));
  });

  test("that is not paged goes on with fields", () => {
    const tool = record({ name: "list_all" });
    const read = (fields?: string) =>
      toResult(tool, answer({ success: true, data: items(200) }), fields === undefined ? {} : { fields }, at(4_000))
        .body as Shown;
    const first = read();
    const kept = first.data.length;
    expect(first._cut.how_to_get).toContain(`Call list_all with {"fields":"data[${kept}:]"}`);
    const second = read(`data[${kept}:]`);
    expect(second.data[0]?.id).toBe(kept);
    expect(second._cut).toMatchObject({ of: 200 - kept });
    expect(second._cut.how_to_get).toContain(`{"fields":"data[${kept + second.data.length}:]"}`);
    expect(read("id")).not.toHaveProperty("_cut");
  });

  test("a bare array is wrapped, and goes on with a part of itself", () => {
    const shown = toResult(record({ name: "list_all" }), answer(items(200)), {}, at(4_000)).body as Shown;
    expect(shown._cut.how_to_get).toContain(`{"fields":"[${shown.data.length}:]"}`);
  });

  test("one item that is itself too large is shown folded", () => {
    const shown = toResult(
      LIST,
      answer({ data: [{ id: 1, text: "x".repeat(9_000) }, { id: 2 }], total: 2 }),
      { page_size: 2 },
      at(4_000),
    ).body as Shown;
    expect(shown.data).toEqual([{ id: 1, text: "[left out: 9002 bytes, see _cut]" }]);
    expect(shown._cut.how_to_get).toContain("The item shown lacks text.");
    expect(shown.next).toEqual({ page_size: 1, current_page: 1 });
  });
});

describe("an object that is too large", () => {
  const log = {
    id: "l1",
    request: { url: "u", body: { messages: ["m".repeat(50_000)] } },
    response: { status: 200, body: "r".repeat(30_000) },
    key: "k".repeat(3_000),
  };

  test("is folded at its largest members, which are named, and nothing small is lost", () => {
    const { text, body } = toResult(GET, answer(log), { thing_id: "l1" }, at(8_000));
    expect(text.length).toBeLessThan(8_000);
    expect(body).toMatchObject({
      id: "l1",
      request: { url: "u", body: expect.anything() as unknown },
      response: { status: 200, body: expect.stringContaining("left out") as string },
      key: log.key,
    });
    expect((body as { _cut: { left_out: string[]; how_to_get: string } })._cut).toMatchObject({
      left_out: [expect.stringMatching(/^request\.body/), "response.body"],
      how_to_get: expect.stringContaining('Call get_thing with {"thing_id":"l1","fields":"request.body') as string,
    });
  });

  test("loses its largest member alone where that is enough", () => {
    const two = { id: "l1", small: "s".repeat(3_000), large: "l".repeat(6_000) };
    const { body } = toResult(GET, answer(two), { thing_id: "l1" }, at(5_000));
    expect(body).toMatchObject({ small: two.small, large: expect.stringContaining("left out") as string });
    expect(body).toMatchObject({ _cut: { left_out: ["large"] } });
  });

  test("asked for by name, a text comes in parts that add up", () => {
    const text = "Grüße 👋 ".repeat(2_000);
    let fields = "string";
    let whole = "";
    for (let calls = 0; calls < 50; calls++) {
      const body = toResult(GET, answer({ id: 1, string: text }), { thing_id: "t", fields }, at(4_000)).body as {
        string: string;
        _cut?: { how_to_get: string };
      };
      whole += body.string;
      if (body._cut === undefined) break;
      fields = (JSON.parse(/with (\{.*\})/.exec(body._cut.how_to_get)?.[1] ?? "") as { fields: string }).fields;
    }
    expect(whole).toBe(text);
  });

  test("asked for by name, an array comes in parts that add up", () => {
    const versions = Array.from({ length: 300 }, (_, version) => ({ version, note: "n".repeat(40) }));
    let fields = "versions";
    const whole: unknown[] = [];
    for (let calls = 0; calls < 50; calls++) {
      const body = toResult(GET, answer({ id: 1, versions }), { thing_id: "t", fields }, at(4_000)).body as {
        versions: unknown[];
        _cut?: { how_to_get: string };
      };
      whole.push(...body.versions);
      if (body._cut === undefined) break;
      fields = (JSON.parse(/with (\{.*\})/.exec(body._cut.how_to_get)?.[1] ?? "") as { fields: string }).fields;
    }
    expect(whole).toEqual(versions);
  });

  test("what is large beside a list is folded, and the list stays", () => {
    const body = toResult(
      record(),
      answer({ data: [{ id: 1 }, { id: 2 }], summary: "s".repeat(9_000) }),
      {},
      at(4_000),
    ).body;
    expect(body).toMatchObject({
      data: [{ id: 1 }, { id: 2 }],
      summary: "[left out: 9002 bytes, see _cut]",
      _cut: { left_out: ["summary"] },
    });
  });

  test("a text answer is cut with a note behind it", () => {
    const { text } = toResult(GET, answer("x".repeat(9_000)), { thing_id: "t" }, at(3_000));
    expect(text.length).toBeLessThan(3_000);
    expect(text).toContain('"fields\\":\\"[');
  });

  test("very many small members are counted", () => {
    const usage = Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`user-${index}`, index]));
    const { text, body } = toResult(GET, answer({ id: 1, usage }), { thing_id: "t" }, at(6_000));
    expect(text.length).toBeLessThan(6_500);
    expect(JSON.stringify((body as { _cut: unknown })._cut)).toMatch(/members of usage|usage/);
  });

  // Folding one member at a time, measuring the whole after each, would take minutes here and run into the test's time
  // limit.
  test("10 MB of members are cut in good time", () => {
    const body = {
      id: 1,
      rows: Object.fromEntries(Array.from({ length: 20_000 }, (_, index) => [`row${index}`, "v".repeat(500)])),
    };
    expect(toResult(GET, answer(body), { thing_id: "t" }, WIDE).text.length).toBeLessThan(41_000);
  });
});

test("a write's answer is never cut or masked", () => {
  const body = { key: "pk-live-once", completion: "c".repeat(100_000) };
  expect(toResult(CREATE, answer(body), { name: "x" }, at(1_000)).body).toEqual(body);
});
