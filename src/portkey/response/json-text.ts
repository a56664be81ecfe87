/**
 * JSON that is passed on as its sender wrote it: parsing it and writing it again would round long numbers, and costs
 * more than everything else that is done to an answer.
 */

/** How a text begins that has spaces between its tokens: whoever writes them writes them from the first token on. */
const SPACED = /^[[{]+(?:\s|(?:"(?:[^"\\]|\\.)*"|[\w.+-]+)\s*[:,]?\s)/;
/** A string, which stays, or what stands between tokens. */
const STRING_OR_SPACE = /("[^"\\]*(?:\\.[^"\\]*)*")|\s+/g;

/** Characters; longer texts could hold a string that no regular expression can walk through. */
export const LONGEST_KEPT = 2_000_000;

/**
 * The same JSON without spaces between its tokens; nothing inside a string changes.
 * `text` must be JSON, and no longer than `LONGEST_KEPT`.
 */
export function compactJson(text: string): string {
  const bare = text.trim();
  return SPACED.test(bare) ? bare.replace(STRING_OR_SPACE, "$1") : bare;
}

/** The compact text of a JSON object with `members` at its end. An array becomes `{"data":[…]}` with them. */
export function withMembers(text: string, members: Readonly<Record<string, unknown>>): string {
  const added = JSON.stringify(members).slice(1, -1);
  if (added === "") return text;
  if (text.startsWith("[")) return `{"data":${text},${added}}`;
  return text === "{}" ? `{${added}}` : `${text.slice(0, -1)},${added}}`;
}
