/** Names that a careless look-up finds where nobody put anything, and texts at the edges of what is read. */
import fc from "fast-check";
import { TIMES } from "../size.ts";

/** Of a name or a list: none of these may be found, or mean everything. */
export const LOOKUPS = [
  "__proto__",
  "constructor",
  "prototype",
  "toString",
  "valueOf",
  "hasOwnProperty",
  "__defineGetter__",
  "isPrototypeOf",
  "length",
  "0",
  "-1",
  "[object Object]",
  "!",
  ",",
  "!!",
  "{",
  "[",
] as const;

export const TRICKY = [
  ...LOOKUPS,
  "",
  " ",
  "null",
  "undefined",
  "true",
  "*",
  "**",
  "<<",
  "&a",
  "*a",
  "😀",
  "\u0000",
  "\ud800",
] as const;

/** Runs of each property. */
export const RUNS = { seed: 16, numRuns: 400 * TIMES };

export const name = fc.oneof(fc.constantFrom(...TRICKY), fc.string({ maxLength: 12 }));

/** JSON with tricky names, among them own members called `__proto__`, as JSON.parse and YAML give them. */
export function jsonOf(names: fc.Arbitrary<string>): fc.Arbitrary<unknown> {
  return fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      names,
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.array(tie("value"), { maxLength: 3 }),
      fc
        .array(fc.tuple(names, tie("value")), { maxLength: 4 })
        .map(
          (members) =>
            JSON.parse(
              `{${members.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`).join(",")}}`,
            ) as unknown,
        ),
    ),
  })).value;
}
