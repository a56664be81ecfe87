/** What an argument is called: as at the API, but for what clients refuse and for names that are this server's own. */
import { COMMON_NAMES } from "../../src/catalog/common-names.ts";
import type { Argument } from "../../src/catalog/record.ts";
import { snakeCase } from "./words.ts";

/** Claude Code drops a tool that has an argument of another name. */
const TAKEN = /^[\w.-]{1,64}$/;
const LONGEST = 64;

/** A field `key` keeps its name: this server's own is called `portkey_key` there (src/catalog/key-argument.ts). */
const OWN: ReadonlySet<string> = new Set(COMMON_NAMES.filter((name) => name !== "key"));

/** Parts of the path and headers in snake_case, query and body fields as they are. `taken`: what others are called. */
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
