/** Finds the only item with exactly a name. Several are an error that lists them. */
import type { Json } from "../../catalog/json.ts";
import { BOUNDS } from "../../errors/bounds.ts";
import { joinFirst } from "../../errors/clip.ts";
import { PortkeyMcpError } from "../../errors/errors.ts";
import { quoteForeign, wordOrQuoted } from "../../errors/foreign-text.ts";
import { filterObjects, asText } from "../values/portkey-values.ts";

export interface NamedIn {
  /** The kind of item, and where it is searched for, for messages: `prompt`, `collection support-dev`. */
  readonly what: string;
  readonly where: string;
  readonly name: string;
  /** The tool that deletes a duplicate. */
  readonly remove: string;
}

/** The item with exactly that name; undefined where there is none. Throws BAD_INPUT where there are several. */
export function findByName(items: readonly unknown[], { what, where, name, remove }: NamedIn): Json | undefined {
  const found = filterObjects(items).filter((item) => item["name"] === name);
  if (found.length <= 1) return found[0];
  const ids = found.map((item) => wordOrQuoted(asText(item["id"]) ?? asText(item["slug"]) ?? "?", BOUNDS.echo));
  throw new PortkeyMcpError(
    "BAD_INPUT",
    `${found.length} ${what}s in ${where} are called ${quoteForeign(name, BOUNDS.echo)}: ${joinFirst(ids)}. ` +
      `Nothing was changed. Rename or remove all but one (${remove}), then call again.`,
    { duplicates: ids },
  );
}
