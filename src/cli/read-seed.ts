/** Reads the file of PORTKEY_SANDBOX_SEED, JSON or YAML; src/sandbox/state/apply-seed.ts says what it holds. */
import { parse } from "yaml";
import type { ZodError } from "zod";
import { isObject } from "../catalog/json.ts";
import { readSettingFile } from "../config/read-settings.ts";
import { PortkeyMcpError } from "../errors/errors.ts";
import { oneLine } from "../errors/foreign-text.ts";
import { formatPath } from "../portkey/request/problem.ts";
import type { SeedData } from "../sandbox/state/apply-seed.ts";
import { SEED } from "./seed-schema.ts";

const NAME = "PORTKEY_SANDBOX_SEED";

/** Throws CONFIG where the file cannot be read, or holds no object. */
export function readSeed(path: string): SeedData {
  let text: string;
  try {
    text = readSettingFile(NAME, path, {});
  } catch (error) {
    throw new PortkeyMcpError("CONFIG", (error as Error).message, {}, { cause: error });
  }
  let value: unknown;
  try {
    value = parse(text, { stringKeys: true });
  } catch (error) {
    throw seedMistake(path, error);
  }
  if (!isObject(value)) throw seedMistake(path, new Error("it holds no object."));
  const { error } = SEED.safeParse(value);
  if (error !== undefined) throw seedMistake(path, new Error(firstIssue(error)));
  return value as SeedData;
}

/** `resources./labels[0].name: Invalid input: expected string, received number.` */
function firstIssue({ issues }: ZodError): string {
  const [issue] = issues;
  const place = formatPath(issue?.path ?? []);
  return `${place === "" ? "" : `${place}: `}${issue?.message ?? "it is no seed"}.`;
}

/** What is wrong with a seed, in one line. */
export function seedMistake(path: string, error: unknown): PortkeyMcpError {
  const [first = ""] = (error instanceof Error ? error.message : String(error)).split("\n");
  // What stumbles over a value says nothing that helps to find it.
  const stumbled = error instanceof TypeError || error instanceof RangeError;
  const reason = stumbled ? "one of its resources has a member of a kind that it cannot have." : oneLine(first, 500);
  return new PortkeyMcpError("CONFIG", `${NAME}: "${path}": ${reason}`, {}, { cause: error });
}
