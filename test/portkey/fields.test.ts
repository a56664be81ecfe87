import { describe, expect, test } from "vitest";
import { formatField, parseFields, pickFields } from "../../src/portkey/response/fields.ts";
import { findList } from "../../src/portkey/response/lists.ts";
import { toResult } from "../../src/portkey/response/result.ts";
import { CREATE, LIST, record } from "./records.ts";

const pick = (value: unknown, ...texts: string[]) => {
  const paths = parseFields(texts);
  if (typeof paths === "string") throw new Error(paths);
  return pickFields(value, paths, () => false);
};

describe("paths", () => {
  test.each(["a", "a.b.c", "data[0:20].name", "data[3:].id", "[5:10]", "[2:].id"])("%s reads back the same", (text) => {
    expect((parseFields([text]) as Parameters<typeof formatField>[0][]).map(formatField)).toEqual([text]);
  });
  test.each([
    [".a", "a"],
    ["a[].b", "a.b"],
    ["a[*].b", "a.b"],
    ["a[2].b", "a[2:3].b"],
    ["a[:5]", "a[0:5]"],
  ])("%s means %s", (text, want) => {
    expect((parseFields([text]) as Parameters<typeof formatField>[0][]).map(formatField)).toEqual([want]);
  });
  test.each(["", "a..b", "a[x]", "a[-1]", "a[1", "a.[0]", "a[0][1]"])("%j cannot be read", (text) => {
    expect(parseFields([text])).toContain("cannot be read");
  });
});

describe("picking", () => {
  const body = {
    total: 2,
    data: [
      { id: 1, name: "a", meta: { x: 1, y: 2 } },
      { id: 2, name: null, meta: { x: 3 } },
    ],
  };
  test.each([
    [["data.id"], { data: [{ id: 1 }, { id: 2 }] }],
    [
      ["data.meta.x", "data.id"],
      {
        data: [
          { id: 1, meta: { x: 1 } },
          { id: 2, meta: { x: 3 } },
        ],
      },
    ],
    [["data.name"], { data: [{ name: "a" }, { name: null }] }],
    [["data[1:].id"], { data: [{ id: 2 }] }],
    [["data[0]"], { data: [body.data[0]] }],
    [["total"], { total: 2 }],
    [["data", "data.id"], { data: body.data }],
  ])("%j", (paths, want) => expect(pick(body, ...paths)).toEqual({ value: want, missed: [] }));

  test("a part of a text", () => expect(pick({ string: "abcdef" }, "string[2:4]").value).toEqual({ string: "cd" }));
  test("a part of a bare array", () =>
    expect(pick([{ id: 1 }, { id: 2 }, { id: 3 }], "[1:].id").value).toEqual([{ id: 2 }, { id: 3 }]));
  test("what is not there is told", () =>
    expect(pick(body, "data.nmae", "data.id", "foo.bar").missed).toEqual(["data.nmae", "foo.bar"]));
  test("an empty list misses nothing", () =>
    expect(pick({ data: [] }, "data.id")).toEqual({ value: { data: [] }, missed: [] }));
});

describe("in results", () => {
  const answer = (body: unknown) => ({ status: 200, body, warnings: [] });
  const shown = (tool: typeof LIST, body: unknown, fields: unknown) =>
    toResult(tool, answer(body), { fields }, { maxResultBytes: 40_000 });

  test("names of items are enough, and the envelope stays", () => {
    const body = {
      object: "list",
      total: 30,
      extra: { a: 1 },
      data: [
        { id: 1, name: "a" },
        { id: 2, name: "b" },
      ],
    };
    expect(findList(body)?.member).toBe("data");
    expect(shown(LIST, body, "id").body).toEqual({
      object: "list",
      total: 30,
      data: [{ id: 1 }, { id: 2 }],
      has_more: true,
      next: { fields: "id", current_page: 1, page_size: 2 },
    });
  });
  test("a wrapped object is looked into", () => {
    expect(shown(record(), { success: true, data: { config: "{}", id: 1 } }, ["config"]).body).toEqual({
      data: { config: "{}" },
    });
  });
  test("a bare array stays one", () => expect(shown(record(), [{ id: 1, a: 2 }], "id").body).toEqual([{ id: 1 }]));
  test("a field that is not there is a warning that names those that are", () => {
    expect(shown(record(), { id: 1, name: "x" }, "nmae,id")).toMatchObject({
      body: { id: 1 },
      warnings: ["fields: the answer has nothing at nmae; there are: id, name"],
    });
  });
  test("a secret that is shown once is never picked away", () => {
    const body = { success: true, data: { id: 1, key: "pk-live-once" } };
    expect(shown(CREATE, body, "id")).toMatchObject({ body, warnings: [expect.stringContaining("shown only once")] });
    expect(shown(CREATE, { id: 1, name: "x" }, "id").body).toEqual({ id: 1 });
  });
});
