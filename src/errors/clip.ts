/** Shortens texts that somebody else wrote, before they are said back. */
import { BOUNDS } from "./bounds.ts";
import { cut, wellFormed } from "./cut.ts";

/** At most `length` characters of a text, never half of one. */
export function clip(text: string, length: number = BOUNDS.echo): string {
  return wellFormed(text.length <= length ? text : `${cut(text, 0, length - 1)}…`);
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
