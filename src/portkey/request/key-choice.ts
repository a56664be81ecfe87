/** Reads the argument that chooses a call's Portkey key: `portkey_key`, or `key` where the operation has none. */
import { hasKeyChoice, keyArgumentName } from "../../catalog/key-argument.ts";
import type { KeyKind, ToolRecord } from "../../catalog/record.ts";
import type { Kind } from "../keys/choose-kind.ts";
import type { Problem } from "./problem.ts";

/** Why the key of a tool cannot be chosen. */
const ONLY_KEY: Readonly<Record<KeyKind, string>> = {
  any: "",
  workspace: "this tool takes the workspace key",
  admin: "this tool takes the admin key",
  token: "this tool takes a service account's token",
  none: "this tool takes no key",
};

/**
 * The kind of key that the call asks for; undefined where it asks for none.
 * Where `key` is a secret to store, "workspace" or "admin" is a problem: it would be stored as the secret.
 */
export function readKeyChoice(
  record: ToolRecord,
  values: ReadonlyMap<string, unknown>,
  common: ReadonlyMap<string, unknown>,
  problems: Problem[],
): Kind | undefined {
  const argument = common.has("portkey_key") ? "portkey_key" : keyArgumentName(record);
  const value = common.get(argument);
  if (common.has("key") && common.get("key") !== value)
    problems.push({ path: "key", text: "and portkey_key ask for different keys: give one of them" });
  if (argument === "portkey_key" && value === undefined && isKind(values.get("key"))) {
    const text = "is the secret to store here: to choose the Portkey key of this call, pass portkey_key";
    problems.push({ path: "key", text });
  }
  if (value === undefined) return undefined;
  if (!isKind(value))
    problems.push({ path: argument, text: 'must be "workspace" or "admin": which Portkey key to use' });
  else if (hasKeyChoice(record)) return value;
  else if (value !== record.key) problems.push({ path: argument, text: `cannot be chosen: ${ONLY_KEY[record.key]}` });
  return undefined;
}

function isKind(value: unknown): value is Kind {
  return value === "workspace" || value === "admin";
}
