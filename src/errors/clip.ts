/** Shortens texts from outside before they are quoted in a message. */
import { BOUNDS } from "./bounds.ts";
import { cut, replaceLoneSurrogates } from "./cut.ts";

/** At most `length` UTF-16 units of a text, with `…` where it was cut; no surrogate pair is split. */
export function clip(text: string, length: number = BOUNDS.echo): string {
  return replaceLoneSurrogates(text.length <= length ? text : `${cut(text, 0, length - 1)}…`);
}

/** The first `most` texts, joined by `divider`; behind them `and N more` where there are others. */
export function joinFirst(texts: readonly string[], most: number = BOUNDS.listed, divider = ", "): string {
  const shown = texts.slice(0, most).map((text) => clip(text, BOUNDS.problem));
  return texts.length > most ? `${shown.join(divider)}${divider}and ${texts.length - most} more` : shown.join(divider);
}

/** A copy of an error's details with long texts and lists cut, and deep nesting replaced by `…`. */
export function shortenDetails(value: unknown, depth = 0): unknown {
  if (typeof value === "string") return clip(value, BOUNDS.problem);
  if (typeof value !== "object" || value === null) return value;
  if (depth >= BOUNDS.detailDepth) return "…";
  if (Array.isArray(value)) return value.slice(0, BOUNDS.detailEntries).map((item) => shortenDetails(item, depth + 1));
  const entries = Object.entries(value).slice(0, BOUNDS.detailEntries);
  return Object.fromEntries(entries.map(([name, member]) => [clip(name), shortenDetails(member, depth + 1)]));
}
