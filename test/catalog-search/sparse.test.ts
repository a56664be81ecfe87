/** What is packed is what is unpacked. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { LARGEST, pack, unpack } from "../../src/catalog/search/sparse.ts";
import { TIMES } from "../size.ts";

const there = (numbers: readonly number[]) => unpack(pack(Int8Array.from(numbers)), numbers.length);

test.each([
  ["nothing", []],
  ["a zero", [0]],
  ["the largest and the smallest", [LARGEST, 0, -LARGEST]],
  ["a skip that is just one letter long", [...new Array<number>(63).fill(0), 5]],
  ["a skip that is longer than a letter says", [...new Array<number>(64).fill(0), 5]],
  ["a long skip", [1, ...new Array<number>(1_000).fill(0), -5]],
  ["zeros at the end", [3, ...new Array<number>(200).fill(0)]],
])("%s comes back as it was packed", (_what, numbers) => {
  expect([...there(numbers)]).toEqual(numbers);
});

test("any numbers come back as they were packed", () => {
  const number = fc.oneof({ weight: 9, arbitrary: fc.constant(0) }, fc.integer({ min: -LARGEST, max: LARGEST }));
  fc.assert(
    fc.property(fc.array(number, { maxLength: 500 }), (numbers) => {
      expect([...there(numbers)]).toEqual(numbers);
    }),
    { numRuns: 20 * TIMES },
  );
});

test("what is mostly zeros takes a letter or two for a number", () => {
  const cells = new Int8Array(10_000);
  for (let index = 0; index < cells.length; index += 50) cells[index] = 7;
  const { skips, numbers } = pack(cells);
  expect(skips.length + numbers.length).toBeLessThanOrEqual(2 * 201);
});
