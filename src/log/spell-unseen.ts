/**
 * JSON for whoever reads it in a terminal: characters that hide, reorder or command stand as escapes. It is the same
 * JSON, and shows what stands in it.
 */

/** What JSON.stringify leaves as it is: controls beyond ASCII, formats, unassigned, and what is drawn as nothing. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cn}\p{Co}\p{Default_Ignorable_Code_Point}\u2028\u2029\u2800]/gu;
const PLAIN = /^[\x20-\x7e]*$/;

/** `json` on one line, without a line break at its end. */
export function spellUnseen(json: string): string {
  if (PLAIN.test(json)) return json;
  return json.replace(UNSEEN, (character) => character.split("").map(escapeOf).join(""));
}

function escapeOf(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
