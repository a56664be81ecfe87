/**
 * Objects that many tools take, such as limits, are outlined once, in the first tool that has them as an argument. The
 * other tools refer to it, since a model reads each repetition on every turn.
 */
import { bracketed, fieldsIn } from "./outline-text.ts";
import type { Tool } from "./tool.ts";

/** In characters: a shorter outline is repeated, within the same text (`above`) or across tools (`elsewhere`). */
const worthwhile = { above: 30, elsewhere: 45 };

export function withSharedOutlines(tools: readonly Tool[], opened: readonly string[]): Tool[] {
  const holders = new Map<string, string>();
  // Tools of operations come first: a composite refers to them.
  for (const tool of [...tools.filter(({ at }) => at), ...tools.filter(({ at }) => !at)]) {
    for (const [field, outline] of opened.flatMap((field) => outlinesOf(field, tool))) {
      const key = keyOf(field, outline);
      if (!holders.has(key)) holders.set(key, tool.record.name);
    }
  }
  return tools.map((tool) => {
    const shared = Object.entries(tool.listed.properties ?? {}).map(([name, schema]) => {
      const text = schema.description ?? "";
      const all = opened.reduce((before, field) => withReferences(before, field, tool.record.name, holders), text);
      const told = withOneMention(all);
      return [name, told === text ? schema : { ...schema, description: told }] as const;
    });
    return { ...tool, listed: { ...tool.listed, properties: Object.fromEntries(shared) } };
  });
}

/** The outlines of a field in the text of the tool's `more`, each with the field's name. */
function outlinesOf(field: string, { listed }: Tool): (readonly [string, string])[] {
  const texts = fieldsIn(listed.properties?.["more"]?.description ?? "").filter((text) => headOf(field).test(text));
  return texts.map((text) => [field, text.slice(text.indexOf(":") + 1)] as const);
}

const headOf = (field: string): RegExp => new RegExp(`^${field}\\*?:[{[]`);

/** Equal for an object, a list of such objects, and variants that differ only in required or nullable members. */
function keyOf(field: string, outline: string): string {
  return `${field} ${outline.replace(/^\[|\]$|\*|\|null/g, "")}`;
}

/** The text in which a repeated outline of `field` is a reference: to its place above, or to the tool that has it. */
function withReferences(text: string, field: string, tool: string, holders: ReadonlyMap<string, string>): string {
  const head = new RegExp(`(?<=[{,])${field}\\*?:(?=[{[])`, "g");
  const above = new Set<string>();
  let told = text;
  for (let found = head.exec(told); found !== null; found = head.exec(told)) {
    const start = head.lastIndex;
    const outline = bracketed(told, start);
    const key = keyOf(field, outline);
    const place = placeOf(outline, above.has(key), holders.get(key), tool);
    above.add(key);
    if (place !== undefined) told = `${told.slice(0, start)}${place}${told.slice(start + outline.length)}`;
  }
  return told;
}

/** The reference that replaces an outline, or undefined if the outline stays. */
function placeOf(outline: string, isAbove: boolean, holder: string | undefined, tool: string): string | undefined {
  if (isAbove) return outline.length < worthwhile.above ? undefined : inBrackets(outline, "as above");
  if (holder === undefined || holder === tool || outline.length < worthwhile.elsewhere) return undefined;
  return inBrackets(outline, `as in ${holder}`);
}

const inBrackets = (outline: string, place: string) => (outline.startsWith("[") ? `[${place}]` : place);

/** A place that several fields refer to is named once: `rate_limits:[as in create_api_key],usage_limits:likewise`. */
function withOneMention(text: string): string {
  let last = "";
  return text.replace(/\[?(as in \w+)\]?(?=[,}])/g, (reference, place: string) => {
    const isSame = place === last;
    last = place;
    return isSame ? "likewise" : reference;
  });
}
