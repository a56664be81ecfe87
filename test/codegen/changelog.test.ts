/** What a step from one document to another changes for callers, and whether a call that worked can fail after it. */
import { describe, expect, test } from "vitest";
import type { Tool } from "../../codegen/derive/tool.ts";
import { changesBetween } from "../../codegen/emit/changelog.ts";
import type { JsonSchema, ToolRecord } from "../../src/catalog/record.ts";
import { record } from "../portkey/records.ts";

const tool = (full: JsonSchema, more: Partial<ToolRecord> = {}) => ({ record: record(more), full }) as unknown as Tool;
const properties = (members: Record<string, JsonSchema>, required: readonly string[] = []): JsonSchema =>
  ({ type: "object", properties: members, required }) as JsonSchema;
const TEXT = { type: "string" } as JsonSchema;
const NUMBER = { type: "number" } as JsonSchema;
const NONE = properties({});

/** The changes of one tool, as `breaking` or not. */
const changesOf = (before: Tool, after: Tool) =>
  changesBetween([before], [after]).map(({ kind, what, breaking }) => [kind, what, breaking]);

describe("a tool", () => {
  test("that is new breaks nothing", () => {
    expect(changesBetween([], [tool(NONE)])).toEqual([
      { kind: "added", tool: "get_thing", what: "GET /things", breaking: false },
    ]);
  });

  test("that is gone breaks", () => {
    expect(changesBetween([tool(NONE)], [])).toEqual([
      { kind: "removed", tool: "get_thing", what: "GET /things", breaking: true },
    ]);
  });

  test("that keeps its old name as an alias is renamed", () => {
    const renamed = tool(NONE, { name: "fetch_thing", aliases: ["get_thing"] });
    expect(changesBetween([tool(NONE)], [renamed])).toEqual([
      { kind: "renamed", tool: "fetch_thing", what: "was get_thing, which still works", breaking: false },
    ]);
  });

  test.each<[string, Partial<ToolRecord>, unknown[]]>([
    ["path", { path: "/other" }, ["renamed", "its path, GET /things, is now GET /other", false]],
    ["risk", { risk: "destroy" }, ["risk", "read is now destroy", false]],
    [
      "source",
      { source: "documentation" as never },
      ["source", "is no longer in Portkey's document, and stays", false],
    ],
  ])("whose %s is another is told, and breaks nothing", (_what, more, want) => {
    expect(changesOf(tool(NONE), tool(NONE, more))).toEqual([want]);
  });

  test("that stays as it is has no changes", () => {
    const same = tool(properties({ a: TEXT }, ["a"]));
    expect(changesOf(same, same)).toEqual([]);
  });
});

describe("an argument", () => {
  const of = (schema: JsonSchema, required: readonly string[] = []) => tool(properties({ a: schema }, required));
  test.each<[string, Tool, Tool, unknown[]]>([
    ["that is gone breaks", of(TEXT), tool(NONE), ["argument removed", "a", true]],
    ["that is new breaks nothing", tool(NONE), of(TEXT), ["argument added", "a", false]],
    ["that is new and required breaks", tool(NONE), of(TEXT, ["a"]), ["newly required", "a (new)", true]],
    ["that is required now breaks", of(TEXT), of(TEXT, ["a"]), ["newly required", "a", true]],
    ["that is required no more breaks nothing", of(TEXT, ["a"]), of(TEXT), ["no longer required", "a", false]],
    ["of another type breaks", of(TEXT), of(NUMBER), ["type", "a: string is now number", true]],
    [
      "of more types breaks nothing",
      of(TEXT),
      of({ type: ["string", "number"] } as never),
      ["type", "a: string is now string or number", false],
    ],
    ["of any type breaks nothing", of(TEXT), of({}), ["type", "a: string is now any", false]],
    [
      "that takes another value breaks nothing",
      of({ enum: ["x"] } as never),
      of({ enum: ["x", "y"] } as never),
      ["values", "a also takes y", false],
    ],
    [
      "that lists a value no more breaks nothing: it is sent all the same",
      of({ enum: ["x", "y"] } as never),
      of({ enum: ["x"] } as never),
      ["values", "a no longer lists y", false],
    ],
    ["whose member is gone breaks", of(properties({ b: TEXT })), of(properties({})), ["argument removed", "a.b", true]],
    [
      "whose member is required now breaks",
      of(properties({ b: TEXT })),
      of(properties({ b: TEXT }, ["b"])),
      ["newly required", "a.b", true],
    ],
    [
      "whose items have a member more breaks nothing",
      of({ type: "array", items: properties({}) } as never),
      of({ type: "array", items: properties({ b: TEXT }) } as never),
      ["argument added", "a.b", false],
    ],
  ])("%s", (_what, before, after, want) => {
    expect(changesOf(before, after)).toEqual([want]);
  });

  test("is told with its tool's others, what breaks before what does not", () => {
    const before = tool(properties({ a: TEXT, b: TEXT }));
    const after = tool(properties({ b: NUMBER, c: TEXT }));
    expect(changesOf(before, after)).toEqual([
      ["argument removed", "a", true],
      ["type", "b: string is now number", true],
      ["argument added", "c", false],
    ]);
  });
});
