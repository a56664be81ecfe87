/** Finds the one resource of exactly a name, on any page of the list. More than one is an error that lists them. */
import type { Json } from "../../catalog/json.ts";
import { BOUNDS } from "../../errors/bounds.ts";
import { joinFirst } from "../../errors/clip.ts";
import { PortkeyMcpError } from "../../errors/errors.ts";
import { quoteForeign, wordOrQuoted } from "../../errors/foreign-text.ts";
import { objectsIn, textOf } from "../values/portkey-values.ts";

export interface NamedIn {
  /** What is looked for, and where, for messages: `prompt`, `collection support-dev`. */
  readonly what: string;
  readonly where: string;
  readonly name: string;
  /** The tool that ends one of several. */
  readonly remove: string;
}

/** The item of that exact name; undefined where there is none. BAD_INPUT where there are several. */
export function itemNamed(items: readonly unknown[], { what, where, name, remove }: NamedIn): Json | undefined {
  const found = objectsIn(items).filter((item) => item["name"] === name);
  if (found.length <= 1) return found[0];
  const ids = found.map((item) => wordOrQuoted(textOf(item["id"]) ?? textOf(item["slug"]) ?? "?", BOUNDS.echo));
  throw new PortkeyMcpError(
    "BAD_INPUT",
    `${found.length} ${what}s in ${where} are called ${quoteForeign(name, BOUNDS.echo)}: ${joinFirst(ids)}. ` +
      `Nothing was changed. Rename or remove all but one (${remove}), then call again.`,
    { duplicates: ids },
  );
}
