/**
 * Objects that many tools take, such as limits, are told to their leaves once, in the first tool that takes them among
 * its own arguments; the others refer to it: each repetition would be paid for on every turn.
 */
import { bracketed, fieldsIn } from "./outline-text.ts";
import type { Tool } from "./tool.ts";

/** In characters: a shorter outline is told again, in the same text and in another tool. */
const worthwhile = { above: 30, elsewhere: 45 };

export function withSharedOutlines(tools: readonly Tool[], opened: readonly string[]): Tool[] {
  const holders = new Map<string, string>();
  // An operation says what the API takes; a tool of our own passes it on.
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

/** The outline of a field that the tool folds into `more`. */
function outlinesOf(field: string, { listed }: Tool): (readonly [string, string])[] {
  const texts = fieldsIn(listed.properties?.["more"]?.description ?? "").filter((text) => headOf(field).test(text));
  return texts.map((text) => [field, text.slice(text.indexOf(":") + 1)] as const);
}

const headOf = (field: string): RegExp => new RegExp(`^${field}\\*?:[{[]`);

/** A list of such objects, or one whose members are required or take null, is told as the object is. */
function keyOf(field: string, outline: string): string {
  return `${field} ${outline.replace(/^\[|\]$|\*|\|null/g, "")}`;
}

/** The text with each outline of `field` that it has above, or that another tool holds, left to that place. */
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

/** Where else it is told, if that is worth saying. */
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
