/** Replaces matches in a text one after another. `String.replace` gathers all of them first, which may be very many. */

/**
 * `text` with each match of `pattern` as `change` makes it; the text itself where none changes. `pattern` is global and
 * matches no empty text.
 */
export function replaceEach(text: string, pattern: RegExp, change: (match: RegExpExecArray) => string): string {
  let replaced = "";
  let done = 0;
  pattern.lastIndex = 0;
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    const next = pattern.lastIndex;
    const changed = change(match);
    // Whatever `change` did with the same pattern: the search goes on behind this match.
    pattern.lastIndex = next;
    if (changed === match[0]) continue;
    replaced += text.slice(done, match.index) + changed;
    done = next;
  }
  return done === 0 ? text : replaced + text.slice(done);
}
