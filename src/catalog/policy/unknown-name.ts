/** The message about an entry of a setting that names nothing. */
import { closestName } from "../../errors/closest-name.ts";

/** `kind` is what the entry should name, such as a domain; `known` are all names of that kind. */
export function unknownName(setting: string, kind: string, entry: string, known: readonly string[]): string {
  if (entry.trim() === "") return `${setting}: an entry names no ${kind}. Name one, or take the entry out.`;
  if (/[*?[\]{}()]/.test(entry)) return `${setting}: "${entry}" matches no ${kind}.`;
  const closest = closestName(entry, known);
  const meant = closest === undefined ? "" : ` Did you mean "${closest}"?`;
  if (kind === "tool") return `${setting}: "${entry}" is not a tool.${meant || " README.md lists all."}`;
  return `${setting}: "${entry}" is not a ${kind}.${meant} Known: ${[...known].sort().join(", ")}.`;
}
