/** The addresses of a page's headings, as GitHub makes them. */

/** Of each heading outside of fences, in the page's order. */
export function headingsOf(text: string): string[] {
  const prose = text.replace(/^(```+|~~~+)[^\n]*\n[\s\S]*?^\1[ \t]*$/gm, "");
  const taken = new Map<string, number>();
  return [...prose.matchAll(/^#{1,6}[ \t]+(.+?)[ \t]*#*[ \t]*$/gm)].map(([, heading = ""]) => {
    const slug = slugOf(heading);
    const before = taken.get(slug);
    taken.set(slug, (before ?? -1) + 1);
    return before === undefined ? slug : `${slug}-${before + 1}`;
  });
}

/** What is read of a heading, in small letters, without punctuation, with a hyphen for each space. */
function slugOf(heading: string): string {
  const read = heading.replace(/!?\[([^\]]*)\]\([^)]*\)/g, "$1").replace(/<[^>]+>/g, "");
  return read
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, "")
    .replaceAll(" ", "-");
}
