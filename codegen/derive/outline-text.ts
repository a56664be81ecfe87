/** Parses the text of an outline (outline.ts), which has nested brackets. */

/** The text from the opening bracket at `start` to its closing bracket. */
export function bracketed(text: string, start: number): string {
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    depth += stepAt(text, at);
    if (depth === 0) return text.slice(start, at + 1);
  }
  return text.slice(start);
}

/** The fields of `{first,second:{…},…}`, each with its own outline. */
export function fieldsIn(text: string): string[] {
  const fields: string[] = [];
  let depth = 0;
  let from = 1;
  for (let at = 0; at < text.length; at++) {
    depth += stepAt(text, at);
    const ends = (text[at] === "," && depth === 1) || depth === 0;
    if (!ends) continue;
    fields.push(text.slice(from, at));
    from = at + 1;
  }
  return fields.filter((field) => field !== "…");
}

/** The name in `name:type`. */
export function nameOf(field: string): string {
  return field.split(":")[0] as string;
}

function stepAt(text: string, at: number): number {
  if ("{[".includes(text[at] as string)) return 1;
  return "}]".includes(text[at] as string) ? -1 : 0;
}
