/**
 * Edits the text of JSON without parsing it. Parsing and writing it again would round long numbers, and would cost more
 * than everything else that is done to an answer.
 */

/** The beginning of a text with spaces between its tokens: such a text has a space behind one of the first tokens. */
const SPACED = /^[[{]+(?:\s|(?:"(?:[^"\\]|\\.)*"|[\w.+-]+)\s*[:,]?\s)/;
/** A string, which stays, or space between tokens. */
const STRING_OR_SPACE = /("[^"\\]*(?:\\.[^"\\]*)*")|\s+/g;

/** Characters of the longest text that is edited: in a longer one, a string may be too long for the pattern. */
export const LONGEST_KEPT = 2_000_000;

/**
 * The same JSON without spaces between its tokens; strings do not change.
 * `text` must be JSON, and no longer than `LONGEST_KEPT`.
 */
export function compactJson(text: string): string {
  const bare = text.trim();
  return SPACED.test(bare) ? bare.replace(STRING_OR_SPACE, "$1") : bare;
}

/** The compact text of a JSON object with `members` added at its end. An array becomes `{"data":[…]}` first. */
export function withMembers(text: string, members: Readonly<Record<string, unknown>>): string {
  const added = JSON.stringify(members).slice(1, -1);
  if (added === "") return text;
  if (text.startsWith("[")) return `{"data":${text},${added}}`;
  return text === "{}" ? `{${added}}` : `${text.slice(0, -1)},${added}}`;
}
