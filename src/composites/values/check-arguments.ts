/**
 * Checks arguments that this server itself defines, including ranges and enums.
 * For other arguments, a deviation there is only a warning, since Portkey's document lags its API.
 */
import type { Json } from "../../catalog/json.ts";
import { BOUNDS } from "../../errors/bounds.ts";
import { clip } from "../../errors/clip.ts";
import { badInput } from "../../portkey/request/problem.ts";
import { closestName } from "../../errors/closest-name.ts";

/** Throws BAD_INPUT where one of these arguments is a blank text. */
export function refuseBlank(tool: string, args: Json, names: readonly string[]): void {
  const blank = names.filter((name) => typeof args[name] === "string" && (args[name] as string).trim() === "");
  if (blank.length > 0)
    throw badInput(
      tool,
      blank.map((path) => ({ path, text: "must not be blank" })),
    );
}

/** The given whole number, or the default. Throws BAD_INPUT outside the range. */
export function readWholeNumber(
  tool: string,
  args: Json,
  name: string,
  { least, most, byDefault }: { least: number; most: number; byDefault: number },
): number {
  const value = args[name];
  if (value === undefined) return byDefault;
  if (typeof value === "number" && Number.isInteger(value) && value >= least && value <= most) return value;
  throw badInput(tool, [{ path: name, text: `must be a whole number from ${least} to ${most}` }]);
}

/** The given list, if any. Throws BAD_INPUT with the values that are not among the known ones. */
export function readKnownValues(
  tool: string,
  args: Json,
  name: string,
  known: readonly string[],
): readonly string[] | undefined {
  const values = args[name] as readonly string[] | undefined;
  const unknown = [...(values ?? []).entries()].filter(([, value]) => !known.includes(value));
  const problems = unknown.map(([index, value], count) => {
    const path = `${name}[${index}]`;
    if (count >= BOUNDS.listed || typeof value !== "string")
      return { path, text: `must be one of ${known.join(", ")}` };
    const closest = closestName(value, known);
    const hint = closest === undefined ? "" : `; the closest to ${JSON.stringify(clip(value))} is ${closest}`;
    return { path, text: `must be one of ${known.join(", ")}${hint}` };
  });
  if (problems.length > 0) throw badInput(tool, problems);
  return values;
}
