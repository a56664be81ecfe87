/** Reads the file of PORTKEY_SANDBOX_SEED, JSON or YAML; src/sandbox/state/apply-seed.ts says what it holds. */
import { parse } from "yaml";
import { readSettingFile } from "../config/read-settings.ts";
import { PortkeyMcpError } from "../errors/errors.ts";
import type { SeedData } from "../sandbox/state/apply-seed.ts";

const NAME = "PORTKEY_SANDBOX_SEED";

/** Throws CONFIG where the file cannot be read, or holds no object. */
export function readSeed(path: string): SeedData {
  let text: string;
  try {
    text = readSettingFile(NAME, path);
  } catch (error) {
    throw new PortkeyMcpError("CONFIG", (error as Error).message, {}, { cause: error });
  }
  let value: unknown;
  try {
    value = parse(text);
  } catch (error) {
    throw seedMistake(path, error);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw seedMistake(path, new Error("it holds no object."));
  return value as SeedData;
}

/** What is wrong with a seed, in one line. */
export function seedMistake(path: string, error: unknown): PortkeyMcpError {
  const [reason = ""] = (error instanceof Error ? error.message : String(error)).split("\n");
  return new PortkeyMcpError("CONFIG", `${NAME}: "${path}": ${reason}`, {}, { cause: error });
}
