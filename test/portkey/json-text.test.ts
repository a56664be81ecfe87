import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compactJson, LONGEST_KEPT, withMembers } from "../../src/portkey/response/json-text.ts";

describe("compactJson", () => {
  test.each([
    ['{"a":12345678901234567890,"b":1.0,"c":1e2}', '{"a":12345678901234567890,"b":1.0,"c":1e2}'],
    ['{\n  "a": 12345678901234567890\n}\n', '{"a":12345678901234567890}'],
    ['{"a": 1, "b": [1, 2], "c": {}}', '{"a":1,"b":[1,2],"c":{}}'],
    ['["a", "b"]', '["a","b"]'],
    ['\uFEFF{"a":"\uFEFF"}', '{"a":"\uFEFF"}'],
    ['{"a": "two  spaces, \\": \\" and\\\\", "b":" "}', '{"a":"two  spaces, \\": \\" and\\\\","b":" "}'],
    ["[\t]", "[]"],
    ["[1, -2.5]", "[1,-2.5]"],
    ['[{"a" : 1}]', '[{"a":1}]'],
    ['{"a":", b"}\n', '{"a":", b"}'],
  ])("%s", (text, compact) => expect(compactJson(text)).toBe(compact));

  test("of whatever JSON with whatever spaces is the JSON without them", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(0, 1, 2, "\t"), (value, space) => {
        expect(compactJson(JSON.stringify(value, null, space))).toBe(JSON.stringify(value));
      }),
    );
  });

  test("of the longest text that is kept, all of it escapes, is whole", () => {
    const escapes = '\\"'.repeat((LONGEST_KEPT - 20) / 2);
    expect(compactJson(`{ "a": "${escapes}" }`)).toBe(`{"a":"${escapes}"}`);
  });
});

describe("withMembers", () => {
  test.each([
    ['{"a":1}', {}, '{"a":1}'],
    ['{"a":1}', { has_more: false }, '{"a":1,"has_more":false}'],
    ["{}", { has_more: false }, '{"has_more":false}'],
    ["[1]", { has_more: false }, '{"data":[1],"has_more":false}'],
    ["[]", {}, "[]"],
  ])("%s and %j", (text, members, together) => expect(withMembers(text, members)).toBe(together));
});
