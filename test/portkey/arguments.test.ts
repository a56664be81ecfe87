import { describe, expect, test } from "vitest";
import { readArguments } from "../../src/portkey/request/arguments.ts";
import { args, CREATE, LIST, record, UPDATE } from "./records.ts";

const problemsOf = (tool: Parameters<typeof readArguments>[0], given: unknown) =>
  readArguments(tool, given).problems.map(({ path, text }) => `${path} ${text}`.trim());

describe("what is refused", () => {
  const table: [string, Parameters<typeof readArguments>[0], unknown, string[]][] = [
    [
      "an unknown argument, with the closest known one",
      UPDATE,
      { thing_id: "a", nmae: 1 },
      ["nmae is not an argument of update_thing; the closest is name"],
    ],
    [
      "the API's spelling of a path argument",
      UPDATE,
      { thingId: "a" },
      ["thingId is not an argument of update_thing; the closest is thing_id", "thing_id is required"],
    ],
    [
      "a part of a name",
      UPDATE,
      { id: "a" },
      ["id is not an argument of update_thing; the closest is thing_id", "thing_id is required"],
    ],
    [
      "every missing required argument",
      record({ arguments: args("body", "a!", "b!", "c") }),
      {},
      ["a is required", "b is required"],
    ],
    [
      "dry_run where nothing is written",
      LIST,
      { dry_run: true },
      ["dry_run is not an argument of list_things: it only reads, so there is nothing to try out"],
    ],
    [
      "all_pages where nothing is paged",
      UPDATE,
      { thing_id: "a", all_pages: true },
      ["all_pages is not an argument of update_thing: its answer is not paged"],
    ],
    ["dry_run as text", CREATE, { name: "x", dry_run: "yes" }, ["dry_run must be true or false, got a string"]],
    ["all_pages as a number", LIST, { all_pages: 1 }, ["all_pages must be true or false, got a number"]],
    [
      "more as text",
      CREATE,
      { name: "x", more: "note" },
      ["more must be an object of further arguments of create_thing, got a string"],
    ],
    [
      "more in more",
      CREATE,
      { name: "x", more: { more: {} } },
      ["more.more is one level too deep: put its members into more"],
    ],
    [
      "two values for one argument",
      CREATE,
      { name: "x", more: { name: "y" } },
      ["name is given twice, beside more and in it, with different values: give it once"],
    ],
    [
      "an unknown argument in more",
      CREATE,
      { name: "x", more: { nope: 1 } },
      ["nope is not an argument of create_thing; the closest is note"],
    ],
    [
      "fields of the wrong type",
      LIST,
      { fields: 3 },
      ['fields must be a string such as "id,name" or an array of strings, got a number'],
    ],
    ["no field at all", LIST, { fields: [] }, ["fields must name at least one field, or be left out"]],
    ["arguments that are a list", LIST, [1], ["the arguments must be an object, got an array"]],
  ];
  test.each(table)("%s", (_, tool, given, want) => expect(problemsOf(tool, given).sort()).toEqual([...want].sort()));

  test.each(["constructor", "__proto__", "toString"])("%s, which JavaScript objects inherit", (name) => {
    const given = JSON.parse(`{"${name}": {"search": "x"}}`) as unknown;
    expect(problemsOf(LIST, given)).toEqual([expect.stringContaining(`${name} is not an argument of list_things`)]);
  });
});

describe("what is accepted", () => {
  test("values come out as the very objects that went in", () => {
    const config = { targets: [{ weight: 0.5 }], odd: null };
    const { values } = readArguments(CREATE, { name: "", more: { config } });
    expect(values["config"]).toBe(config);
    expect(values).toEqual({ name: "", config });
  });

  test("wait_for_previous is dropped, an undefined value counts as not given, null is a value", () => {
    expect(readArguments(CREATE, { name: null, note: undefined, wait_for_previous: true })).toMatchObject({
      values: { name: null },
      problems: [],
    });
  });

  test("the same value beside more and in it is no contradiction", () => {
    expect(problemsOf(CREATE, { name: "x", config: { a: [1] }, more: { config: { a: [1] } } })).toEqual([]);
  });

  test("an argument of the API beats a common one of the same name", () => {
    const tool = record({ arguments: args("query", "fields", "dry_run") });
    expect(readArguments(tool, { fields: "a", dry_run: "b" })).toMatchObject({
      values: { fields: "a", dry_run: "b" },
      fields: undefined,
      dryRun: false,
      problems: [],
    });
  });

  test("a tool's own argument stays among the values", () => {
    expect(readArguments(record({ arguments: args("own", "wait") }), { wait: true })).toMatchObject({
      values: { wait: true },
      problems: [],
    });
  });

  test("the common arguments are read and not passed on", () => {
    const given = readArguments(LIST, { search: "x", all_pages: true, fields: "id, name" });
    expect(given).toMatchObject({
      values: { search: "x" },
      allPages: true,
      fields: [[{ name: "id" }], [{ name: "name" }]],
      problems: [],
    });
  });

  test("with entries the fields of a single body are not required", () => {
    const tool = record({ arguments: args("body", "request!", "entries"), body: "fields-or-list" });
    expect(problemsOf(tool, { entries: [] })).toEqual([]);
    expect(problemsOf(tool, {})).toEqual(["request is required"]);
  });
});
