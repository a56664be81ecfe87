import { expect, test } from "vitest";
import { findChanges } from "../../src/composites/values/compare-fields.ts";

const long = "a".repeat(500);

test.each<[string, unknown, unknown, unknown]>([
  ["equal values", { a: { b: [1, null] } }, { a: { b: [1, null] } }, []],
  ["a changed member", { a: { b: 1 } }, { a: { b: 2 } }, [{ field: "a.b", before: 1, after: 2 }]],
  [
    "false and 0 are values",
    { a: false, b: 0 },
    { a: true, b: 1 },
    [
      { field: "a", before: false, after: true },
      { field: "b", before: 0, after: 1 },
    ],
  ],
  ["an added member has no before", {}, { a: 1 }, [{ field: "a", after: 1 }]],
  ["a removed member has no after", { a: 1 }, {}, [{ field: "a", before: 1 }]],
  ["null, absent and empty are all unset", { a: null, b: [], c: "" }, { d: {} }, []],
  ["an object that comes is one change", { a: null }, { a: { b: 1 } }, [{ field: "a", after: { b: 1 } }]],
  [
    "items of lists of one length are compared one by one",
    { a: [1, { b: 2 }] },
    { a: [1, { b: 3 }] },
    [{ field: "a[1].b", before: 2, after: 3 }],
  ],
  [
    "lists of different lengths are one change",
    { a: [1] },
    { a: [1, 2] },
    [{ field: "a", before: [1], after: [1, 2] }],
  ],
  [
    "JSON text counts as what it holds",
    { a: '[{"b": 1}]' },
    { a: '[{"b":2}]' },
    [{ field: "a[0].b", before: 1, after: 2 }],
  ],
  ["text that merely looks like JSON is text", { a: "{x" }, { a: "{y" }, [{ field: "a", before: "{x", after: "{y" }]],
  ["a changed type is a change", { a: 1 }, { a: "1" }, [{ field: "a", before: 1, after: "1" }]],
])("%s", (_title, before, after, want) => {
  expect(findChanges(before, after)).toEqual(want);
});

test("long texts are shown around the first difference", () => {
  const [change] = findChanges({ a: `${long}x${long}` }, { a: `${long}y${long}` });
  expect(String(change?.before)).toMatch(/^…a{40}xa+…$/);
  expect(String(change?.after)).toMatch(/^…a{40}ya+…$/);
  expect(String(change?.before).length).toBeLessThan(200);
});
