/** Replaces matches in a text one by one. `String.replace` collects all of them first, and there may be very many. */

/**
 * `text` with each match of `pattern` replaced by what `change` returns; the text itself where none changes.
 * `pattern` is global and does not match the empty text.
 */
export function replaceEach(text: string, pattern: RegExp, change: (match: RegExpExecArray) => string): string {
  let replaced = "";
  let done = 0;
  pattern.lastIndex = 0;
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    const next = pattern.lastIndex;
    const changed = change(match);
    // `change` may have used the same pattern, which moves lastIndex.
    pattern.lastIndex = next;
    if (changed === match[0]) continue;
    replaced += text.slice(done, match.index) + changed;
    done = next;
  }
  return done === 0 ? text : replaced + text.slice(done);
}
