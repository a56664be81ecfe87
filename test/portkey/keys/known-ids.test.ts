/** Ids remembered with the kind of key that brought them: few, and each caller's own. */
import { describe, expect, test } from "vitest";
import { createKnownIds } from "../../../src/portkey/keys/known-ids.ts";
import { args } from "../records.ts";

const GET = { arguments: args("path", "thing_id=thingId!") };
const CREATE = { arguments: [...args("body", "collection_id", "integration_id"), ...args("own", "source")] };
const elsewhere = ({ workspace_id: home }: Readonly<Record<string, unknown>>) => home === "dev";

describe("where an id is found again", () => {
  const ids = createKnownIds();
  const list = {
    data: [{ id: "p1", slug: "s1" }, { id: "c1", workspace_id: "dev" }, { id: "i1" }, { id: 7 }, "x", null],
  };
  ids.keep("ada", list, "admin", elsewhere);
  ids.keep("ada", { data: { id: "made" } }, "admin", () => false);
  ids.keep("ada", { id: "p2" }, "workspace", () => true);

  test.each([
    ["in the path, by id", GET, { thing_id: "p1" }, "admin"],
    ["by slug", GET, { thing_id: "s1" }, "admin"],
    ["a new object's", GET, { thing_id: "made" }, "admin"],
    ["brought by the workspace key", GET, { thing_id: "p2" }, "workspace"],
    ["nobody brought it", GET, { thing_id: "p9" }, undefined],
    ["a reference into another workspace", CREATE, { collection_id: "c1" }, "admin"],
    ["a reference to what is the organisation's decides nothing", CREATE, { integration_id: "i1" }, undefined],
    ["our own arguments are no part of the request", CREATE, { source: "c1" }, undefined],
    ["a value that is no text", CREATE, { collection_id: ["c1"] }, undefined],
  ] as const)("%s", (_, record, values, want) => expect(ids.kindFor("ada", record, values)).toBe(want));

  test("the newest answer counts", () => {
    ids.keep("ada", { id: "p1" }, "workspace", elsewhere);
    expect(ids.kindFor("ada", GET, { thing_id: "p1" })).toBe("workspace");
  });

  test("what another caller was answered decides nothing", () =>
    expect(ids.kindFor("eve", GET, { thing_id: "s1" })).toBeUndefined());
});

test("the oldest ids and callers are forgotten", () => {
  const ids = createKnownIds({ callers: 2, ids: 3 });
  for (const id of ["a", "b", "c", "d"]) ids.keep("ada", { id }, "admin", elsewhere);
  expect(["a", "b", "d"].map((thing_id) => ids.kindFor("ada", GET, { thing_id }))).toEqual([
    undefined,
    "admin",
    "admin",
  ]);
  ids.keep("ben", { id: "x" }, "admin", elsewhere);
  ids.keep("ada", { id: "e" }, "admin", elsewhere);
  ids.keep("eve", { id: "x" }, "admin", elsewhere);
  expect(
    ["ada", "ben", "eve"].map((caller) => ids.kindFor(caller, GET, { thing_id: caller === "ada" ? "e" : "x" })),
  ).toEqual(["admin", undefined, "admin"]);
});

test("neither long texts nor endless lists are kept", () => {
  const ids = createKnownIds();
  ids.keep("ada", { id: "x".repeat(200) }, "admin", elsewhere);
  expect(ids.kindFor("ada", GET, { thing_id: "x".repeat(200) })).toBeUndefined();
  ids.keep(
    "ada",
    Array.from({ length: 5_000 }, (_, id) => ({ id: `i${id}` })),
    "admin",
    elsewhere,
  );
  expect(ids.kindFor("ada", GET, { thing_id: "i999" })).toBe("admin");
  expect(ids.kindFor("ada", GET, { thing_id: "i1000" })).toBeUndefined();
});
