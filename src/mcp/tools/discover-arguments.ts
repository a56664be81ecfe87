/**
 * The arguments of the server's own tools: few, flat, and each of one JSON type. null counts as left out, and text that
 * can only mean another type is read as it; the arguments of the called tool are left for that tool to read.
 */
import { isObject, ownMember } from "../../catalog/json.ts";
import { BOUNDS } from "../../errors/bounds.ts";
import { clip, joinFirst } from "../../errors/clip.ts";
import { closestHint } from "../../errors/closest-name.ts";
import { PortkeyMcpError } from "../../errors/errors.ts";
import { readTextAs, READ_AS_JSON } from "../../portkey/request/text-values.ts";
import type { BuiltInTool } from "./discover-listing.ts";
import type { Arguments } from "../parts.ts";

/** Gemini CLI adds this argument to every call. */
const DROPPED = "wait_for_previous";

const IS: Readonly<Record<string, (value: unknown) => boolean>> = {
  string: (value) => typeof value === "string" && value.trim() !== "",
  integer: (value) => Number.isInteger(value),
  object: (value) => isObject(value) || readTextAs(value, ["object"]) !== undefined,
};
const EXPECTED: Readonly<Record<string, string>> = {
  string: "a string that says something",
  integer: "a whole number",
  object: "an object",
};

export interface BuiltInArguments {
  readonly args: Arguments;
  /** What was read otherwise than it was written. */
  readonly notes: readonly string[];
}

/** Throws BAD_INPUT that names every argument that is wrong, missing or unknown. */
export function readBuiltInArguments({ name, inputSchema }: BuiltInTool, given: unknown): BuiltInArguments {
  const { properties, required = [] } = inputSchema;
  const notes: string[] = [];
  const typeOf = (key: string) => (Object.hasOwn(properties, key) ? properties[key]?.type : undefined);
  const args = Object.fromEntries(
    Object.entries(argumentsObject(name, given, notes))
      .filter(([key, value]) => key !== DROPPED && value !== undefined && value !== null)
      .map(([key, value]) => [key, numberOf(key, value, typeOf(key), notes)]),
  );
  const problems = required.filter((key) => !Object.hasOwn(args, key)).map((key) => `${key} is required.`);
  for (const [key, value] of Object.entries(args)) {
    const type = typeOf(key);
    if (type === undefined) problems.push(unknown(key, problems.length, Object.keys(properties)));
    else if (ownMember(IS, type)?.(value) !== true) problems.push(`${key} must be ${ownMember(EXPECTED, type)}.`);
  }
  if (problems.length > 0)
    throw new PortkeyMcpError("BAD_INPUT", `${name}: ${joinFirst(problems, BOUNDS.listed, " ")}`);
  return { args, notes };
}

function argumentsObject(tool: string, given: unknown, notes: string[]): Arguments {
  if (given === undefined || given === null) return {};
  if (isObject(given)) return given;
  const read = readTextAs(given, ["object"])?.value;
  if (!isObject(read)) throw new PortkeyMcpError("BAD_INPUT", `${tool}: the arguments must be an object.`);
  notes.push(`Note: arguments ${READ_AS_JSON}`);
  return read;
}

function numberOf(key: string, value: unknown, type: string | undefined, notes: string[]): unknown {
  const read = type === "integer" ? readTextAs(value, ["integer"]) : undefined;
  if (read === undefined) return value;
  notes.push(`Note: ${key} ${READ_AS_JSON}`);
  return read.value;
}

/** What follows many others is not read, so nothing is looked up for it. */
function unknown(name: string, before: number, known: readonly string[]): string {
  const key = clip(name);
  if (before >= BOUNDS.listed) return `${key} is not an argument of this tool.`;
  if (known.includes("arguments"))
    return `${key} is not an argument of this tool: put what the called tool takes into arguments.`;
  return `${key} is not an argument of this tool${closestHint(key, known, `; it takes ${known.join(", ")}`)}.`;
}
