/** Checks the arguments of the server's own tools: few, flat, and each of one JSON type. */
import { closestName } from "../../errors/closest-name.ts";
import { PortkeyMcpError } from "../../errors/errors.ts";
import type { BuiltInTool } from "./discover-listing.ts";
import type { Arguments } from "../parts.ts";

/** Gemini CLI adds this argument to every call. */
const DROPPED = "wait_for_previous";

const IS: Readonly<Record<string, (value: unknown) => boolean>> = {
  string: (value) => typeof value === "string" && value.trim() !== "",
  integer: (value) => Number.isInteger(value),
  object: (value) => typeof value === "object" && value !== null && !Array.isArray(value),
};
const EXPECTED: Readonly<Record<string, string>> = {
  string: "a string that says something",
  integer: "a whole number",
  object: "an object",
};

/** Throws BAD_INPUT that names every argument that is wrong, missing or unknown. */
export function checkBuiltInArguments({ name, inputSchema }: BuiltInTool, args: Arguments): void {
  const { properties, required = [] } = inputSchema;
  const problems = required.filter((key) => args[key] === undefined).map((key) => `${key} is required.`);
  for (const [key, value] of Object.entries(args)) {
    const type = properties[key]?.type;
    if (key === DROPPED || value === undefined) continue;
    if (type === undefined) problems.push(unknown(key, Object.keys(properties)));
    else if (IS[type]?.(value) !== true) problems.push(`${key} must be ${EXPECTED[type]}.`);
  }
  if (problems.length > 0) throw new PortkeyMcpError("BAD_INPUT", `${name}: ${problems.join(" ")}`);
}

function unknown(key: string, known: readonly string[]): string {
  if (known.includes("arguments"))
    return `${key} is not an argument of this tool: put what the called tool takes into arguments.`;
  return `${key} is not an argument of this tool; the closest is ${closestName(key, known)}.`;
}
