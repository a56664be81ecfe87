/** How an entry of a setting is told that names nothing. */
import { closest } from "fastest-levenshtein";

/** `kind` says what it should name; `known` are all there are. */
export function unknownName(setting: string, kind: string, entry: string, known: readonly string[]): string {
  if (entry.trim() === "") return `${setting}: an entry names no ${kind}. Name one, or take the entry out.`;
  if (/[*?[\]{}()]/.test(entry)) return `${setting}: "${entry}" matches no ${kind}.`;
  const hint = known.length === 0 ? "" : ` Did you mean "${closest(entry, [...known])}"?`;
  const all = kind === "tool" ? "" : ` Known: ${[...known].sort().join(", ")}.`;
  return `${setting}: "${entry}" is not a ${kind}.${hint}${all}`;
}
