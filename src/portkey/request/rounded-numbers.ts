/** Finds numbers beyond JavaScript's precision: the JSON parser may have rounded them, so they would be sent wrong. */
import { isObject, type Json } from "../../catalog/json.ts";
import { isInexact } from "../../errors/nesting.ts";
import { formatPath, type Problem } from "./problem.ts";

interface Place {
  readonly value: unknown;
  readonly name?: PropertyKey;
  readonly within?: Place;
}

/**
 * A problem for each number in `args` that is infinite, or an integer outside the safe range.
 * Does not recurse, so that no depth of nesting overflows the stack.
 */
export function findRoundedNumbers(args: Json): Problem[] {
  const problems: Problem[] = [];
  const places: Place[] = [{ value: args }];
  for (const place of places) {
    const { value } = place;
    if (typeof value === "number") {
      const text = lossText(value);
      if (text !== undefined) problems.push({ path: formatPath(trail(place)), text });
    } else if (Array.isArray(value)) value.forEach((item, name) => places.push({ value: item, name, within: place }));
    else if (isObject(value)) {
      for (const [name, member] of Object.entries(value)) places.push({ value: member, name, within: place });
    }
  }
  return problems;
}

/** How parsing changed a number; undefined where it is exact. */
function lossText(value: number): string | undefined {
  if (!isInexact(value)) return undefined;
  if (!Number.isFinite(value)) return "is larger than a number can be, and would be sent as null";
  return (
    `is beyond ±${Number.MAX_SAFE_INTEGER} and may have been rounded to ${value}: ` +
    "give it as a string, or not at all"
  );
}

function trail(place: Place): PropertyKey[] {
  const segments: PropertyKey[] = [];
  for (let at: Place | undefined = place; at?.name !== undefined; at = at.within) segments.push(at.name);
  return segments.reverse();
}
