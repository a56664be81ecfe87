/**
 * Reads the arguments of the built-in tools: few, flat, and each of one JSON type. null counts as absent, and a text
 * that can only mean another type is converted. The arguments of the called tool are left for that tool to read.
 */
import { isObject, ownMember } from "../../catalog/json.ts";
import { BOUNDS } from "../../errors/bounds.ts";
import { clip, joinFirst } from "../../errors/clip.ts";
import { closestHint } from "../../errors/closest-name.ts";
import { PortkeyMcpError } from "../../errors/errors.ts";
import { readTextAs, READ_AS_JSON } from "../../portkey/request/text-values.ts";
import type { BuiltInTool } from "./discover-listing.ts";
import type { Arguments } from "../parts.ts";

/** Gemini CLI adds this argument to every call; it is ignored. */
const IGNORED = "wait_for_previous";

const TYPE_CHECKS: Readonly<Record<string, (value: unknown) => boolean>> = {
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
  /** Which arguments were converted. */
  readonly notes: readonly string[];
}

/** Throws BAD_INPUT that names every argument that is wrong, missing or unknown. */
export function readBuiltInArguments({ name, inputSchema }: BuiltInTool, input: unknown): BuiltInArguments {
  const { properties, required = [] } = inputSchema;
  const notes: string[] = [];
  const typeOf = (key: string) => (Object.hasOwn(properties, key) ? properties[key]?.type : undefined);
  const args = Object.fromEntries(
    Object.entries(toObject(name, input, notes))
      .filter(([key, value]) => key !== IGNORED && value !== undefined && value !== null)
      .map(([key, value]) => [key, toNumberIfMeant(key, value, typeOf(key), notes)]),
  );
  const problems = required.filter((key) => !Object.hasOwn(args, key)).map((key) => `${key} is required.`);
  for (const [key, value] of Object.entries(args)) {
    const type = typeOf(key);
    if (type === undefined) problems.push(unknownProblem(key, problems.length, Object.keys(properties)));
    else if (ownMember(TYPE_CHECKS, type)?.(value) !== true)
      problems.push(`${key} must be ${ownMember(EXPECTED, type)}.`);
  }
  if (problems.length > 0)
    throw new PortkeyMcpError("BAD_INPUT", `${name}: ${joinFirst(problems, BOUNDS.listed, " ")}`);
  return { args, notes };
}

function toObject(tool: string, input: unknown, notes: string[]): Arguments {
  if (input === undefined || input === null) return {};
  if (isObject(input)) return input;
  const read = readTextAs(input, ["object"])?.value;
  if (!isObject(read)) throw new PortkeyMcpError("BAD_INPUT", `${tool}: the arguments must be an object.`);
  notes.push(`Note: arguments ${READ_AS_JSON}`);
  return read;
}

/** The value as a number, where the argument is a number and the value a text of one; otherwise the value as it is. */
function toNumberIfMeant(key: string, value: unknown, type: string | undefined, notes: string[]): unknown {
  const read = type === "integer" ? readTextAs(value, ["integer"]) : undefined;
  if (read === undefined) return value;
  notes.push(`Note: ${key} ${READ_AS_JSON}`);
  return read.value;
}

/** The message for an unknown argument. After many other problems it will not be shown: it then has no suggestion. */
function unknownProblem(name: string, before: number, known: readonly string[]): string {
  const key = clip(name);
  if (before >= BOUNDS.listed) return `${key} is not an argument of this tool.`;
  if (known.includes("arguments"))
    return `${key} is not an argument of this tool: put what the called tool takes into arguments.`;
  return `${key} is not an argument of this tool${closestHint(key, known, `; it takes ${known.join(", ")}`)}.`;
}
