/**
 * Checks the arguments that this server itself defines, ranges and enums included.
 * The schema's check takes those for hints, because Portkey's documents lag its API.
 */
import type { Json } from "../../catalog/json.ts";
import { BOUNDS } from "../../errors/bounds.ts";
import { clip } from "../../errors/clip.ts";
import { badInput } from "../../portkey/request/problem.ts";
import { closestName } from "../../errors/closest-name.ts";

/** BAD_INPUT where one of these is given and blank. */
export function refuseBlank(tool: string, args: Json, names: readonly string[]): void {
  const blank = names.filter((name) => typeof args[name] === "string" && (args[name] as string).trim() === "");
  if (blank.length > 0)
    throw badInput(
      tool,
      blank.map((path) => ({ path, text: "must not be blank" })),
    );
}

/** The whole number given, or the default; BAD_INPUT outside the range. */
export function wholeNumber(
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

/** The list given, if any; BAD_INPUT names what is not among the known values. */
export function knownValues(
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
