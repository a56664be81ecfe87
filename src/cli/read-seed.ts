/** Reads the file of PORTKEY_SANDBOX_SEED, JSON or YAML; src/sandbox/state/apply-seed.ts says what it holds. */
import { readWithLines } from "../config/files/read-with-lines.ts";
import { readSettingFile } from "../config/read-settings.ts";
import { PortkeyMcpError } from "../errors/errors.ts";
import { oneLine } from "../errors/foreign-text.ts";
import type { SeedData } from "../sandbox/state/apply-seed.ts";
import { SEED } from "./seed-schema.ts";

const NAME = "PORTKEY_SANDBOX_SEED";

/** Throws CONFIG where the file cannot be read, or with a line for each mistake in its form. */
export function readSeed(path: string): SeedData {
  let text: string;
  try {
    text = readSettingFile(NAME, path, {});
  } catch (error) {
    throw new PortkeyMcpError("CONFIG", (error as Error).message, {}, { cause: error });
  }
  const { value, mistakes } = readWithLines({ path, text }, SEED);
  if (mistakes === undefined) return value as SeedData;
  throw new PortkeyMcpError("CONFIG", mistakes.map((mistake) => `${NAME}: ${mistake}`).join("\n"));
}

/** What is wrong with a seed, in one line. */
export function seedMistake(path: string, error: unknown): PortkeyMcpError {
  const [first = ""] = (error instanceof Error ? error.message : String(error)).split("\n");
  // The message of an unexpected error does not help to find the mistake.
  const stumbled = error instanceof TypeError || error instanceof RangeError;
  const reason = stumbled ? "one of its resources has a member of a kind that it cannot have." : oneLine(first, 500);
  return new PortkeyMcpError("CONFIG", `${NAME}: "${path}": ${reason}`, {}, { cause: error });
}
