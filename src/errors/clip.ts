/** Shortens texts that somebody else wrote, before they are said back. */
import { BOUNDS } from "./bounds.ts";

/** At most `length` characters of a text, never half of one. */
export function clip(text: string, length: number = BOUNDS.echo): string {
  if (text.length <= length) return text;
  const end = isHighSurrogate(text.charCodeAt(length - 2)) ? length - 2 : length - 1;
  return `${text.slice(0, end)}…`;
}

/** The first of many, joined, and how many there are besides. */
export function firstOf(texts: readonly string[], most: number = BOUNDS.listed, divider = ", "): string {
  const shown = texts.slice(0, most).map((text) => clip(text, BOUNDS.problem));
  return texts.length > most ? `${shown.join(divider)}${divider}and ${texts.length - most} more` : shown.join(divider);
}

/** A copy of what stands beside an error: long texts and lists cut, and nothing deep. */
export function shortened(value: unknown, depth = 0): unknown {
  if (typeof value === "string") return clip(value, BOUNDS.problem);
  if (typeof value !== "object" || value === null) return value;
  if (depth >= BOUNDS.detailDepth) return "…";
  if (Array.isArray(value)) return value.slice(0, BOUNDS.detailEntries).map((each) => shortened(each, depth + 1));
  const entries = Object.entries(value).slice(0, BOUNDS.detailEntries);
  return Object.fromEntries(entries.map(([name, member]) => [clip(name), shortened(member, depth + 1)]));
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}
