/** The name of an argument: the API's own name, unless clients refuse it or this server uses it itself. */
import { COMMON_NAMES } from "../../src/catalog/common-names.ts";
import type { Argument } from "../../src/catalog/record.ts";
import { snakeCase } from "./words.ts";

/** Valid names. Claude Code drops a tool that has an argument with any other name. */
const TAKEN = /^[\w.-]{1,64}$/;
const LONGEST = 64;

/** Reserved names. `key` is not: if a field has it, the server's own is `portkey_key` (src/catalog/key-argument.ts). */
const OWN: ReadonlySet<string> = new Set(COMMON_NAMES.filter((name) => name !== "key"));

/** Path parameters and headers get snake_case; query and body fields stay. `taken`: whether a name is in use. */
export function argumentName(place: Argument["place"], api: string, taken: (name: string) => boolean): string {
  const name = clientName(place === "path" || place === "header" ? snakeCase(api) : api);
  return OWN.has(name) || taken(name) ? `${place}_${name}`.slice(0, LONGEST) : name;
}

function clientName(name: string): string {
  if (TAKEN.test(name)) return name;
  const letters = name.normalize("NFKD").replace(/\p{M}/gu, "");
  const plain = letters.replace(/[^\w.-]+/g, "_").replace(/^_+|_+$/g, "");
  return plain.slice(0, LONGEST) || "argument";
}
