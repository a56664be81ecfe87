import { expect, test } from "vitest";
import { findRoundedNumbers } from "../../src/portkey/request/rounded-numbers.ts";

const paths = (json: string) => findRoundedNumbers(JSON.parse(json) as Record<string, unknown>).map(({ path }) => path);

test("a whole number that is not exact is named where it stands", () => {
  expect(paths('{"a":12345678901234567890,"b":[1,{"c d":-9007199254740993}],"e":"12345678901234567890"}')).toEqual([
    "a",
    'b[1]["c d"]',
  ]);
  expect(findRoundedNumbers({ a: 12345678901234567000 })[0]?.text).toContain("give it as a string");
});

test("a number that JSON can write and JavaScript cannot hold is named", () => {
  expect(paths('{"a":[1e400],"b":-1e999}')).toEqual(["b", "a[0]"]);
  expect(findRoundedNumbers({ a: Infinity })[0]?.text).toContain("larger than a number can be");
});

test("every number that is exact, or no whole one, passes", () => {
  expect(paths('{"a":9007199254740991,"b":-9007199254740991,"d":0.1,"e":1700000000000}')).toEqual([]);
});

test("depth does not matter", () => {
  const depth = 200_000;
  expect(paths(`{"a":${"[".repeat(depth)}99999999999999999999${"]".repeat(depth)}}`)).toHaveLength(1);
});
