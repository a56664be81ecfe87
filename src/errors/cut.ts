/** The one place where texts that somebody else wrote are cut: never between the two halves of a character. */

/** The units of `text` from `from` to `to`; a character that is only half among them is left out. */
export function cut(text: string, from: number, to: number = text.length): string {
  const [start, end] = [wholeFrom(text, from), to < text.length ? wholeUpTo(text, to) : text.length];
  return text.slice(start, Math.max(start, end));
}

/** The last place at or before `at` where a character begins or ends. */
export function wholeUpTo(text: string, at: number): number {
  return isInside(text, at) ? at - 1 : at;
}

/** The first place at or after `at` where a character begins or ends. */
export function wholeFrom(text: string, at: number): number {
  return isInside(text, at) ? at + 1 : at;
}

/** A half that stands alone, as the sender wrote it: models' interfaces refuse a whole conversation for one. */
const LONE_HALF = /\p{Surrogate}/gu;

/** The text with U+FFFD for each half of a character that stands alone. */
export function wellFormed(text: string): string {
  return text.replace(LONE_HALF, "\ufffd");
}

function isInside(text: string, at: number): boolean {
  return at > 0 && isHalf(text, at - 1, 0xd800) && isHalf(text, at, 0xdc00);
}

/** Whether the unit at `at` is among the 1024 halves that begin with `first`. */
function isHalf(text: string, at: number, first: number): boolean {
  const unit = text.charCodeAt(at);
  return unit >= first && unit < first + 0x400;
}
