import { describe, expect, test } from "vitest";
import {
  PARTIALS,
  PROMPTS,
  listVersions,
  resolveVersion,
  type VersionedKind,
} from "../../src/composites/prompts/versions.ts";

const read = (body: unknown) => async () => ({ status: 200, body, warnings: [] });

describe("versions are read in whichever form they come", () => {
  test.each<[string, VersionedKind, unknown, unknown]>([
    [
      "a bare array",
      PROMPTS,
      [
        { id: "a", prompt_version: 1 },
        { id: "b", prompt_version: 2 },
      ],
      [
        { version: 2, id: "b" },
        { version: 1, id: "a" },
      ],
    ],
    [
      "in data, numbers as text",
      PROMPTS,
      {
        object: "list",
        data: [
          { id: "a", prompt_version: "10", prompt_description: "d", label_id: "l", status: "active", created_at: "t" },
          { id: "b", prompt_version: "9" },
        ],
      },
      [
        { version: 10, id: "a", description: "d", label_id: "l", status: "active", created_at: "t" },
        { version: 9, id: "b" },
      ],
    ],
    [
      "of partials",
      PARTIALS,
      [{ prompt_partial_version_id: "a", version: "3", description: "", prompt_version_status: "archived" }],
      [{ version: 3, id: "a", status: "archived" }],
    ],
    ["entries without a number", PROMPTS, [{ id: "a" }, { id: "b", prompt_version: "" }], []],
    ["no list at all", PROMPTS, {}, []],
  ])("%s", async (_title, kind, body, want) => {
    expect(await listVersions(kind, "p1", read(body))).toEqual(want);
  });
});

describe("a desired version", () => {
  const versions = [
    { version: 3, id: "c" },
    { version: 1, id: "a" },
  ];
  test.each<[unknown, number]>([
    ["latest", 3],
    [1, 1],
    ["1", 1],
    [3.0, 3],
  ])("%j means %i", (wanted, want) => {
    expect(resolveVersion(versions, wanted, PROMPTS, "p1").version).toBe(want);
  });

  test.each<[unknown, RegExp]>([
    [2, /p1 has no version 2; it has 3, 1\./],
    ["newest", /no version "newest"/],
    ["", /no version ""/],
    [null, /no version null/],
  ])("%j is refused with what there is", (wanted, message) => {
    expect(() => resolveVersion(versions, wanted, PROMPTS, "p1")).toThrow(message);
  });

  test("latest of none says what is wrong", () => {
    expect(() => resolveVersion([], "latest", PROMPTS, "p1")).toThrow(/answered no version of p1/);
  });
});

test.each(["0x2", "2e0x", "2.5", "", " ", "Infinity", "9007199254740993", "two"])("%j is no version", (wanted) => {
  const versions = [{ version: 9_007_199_254_740_992 }, { version: 2 }];
  expect(() => resolveVersion(versions, wanted, PROMPTS, "p")).toThrow("p has no version");
});

test("a text that is said back is short", () => {
  expect(() => resolveVersion([], "x".repeat(100_000), PROMPTS, "p")).toThrow(/^.{1,300}$/s);
});
