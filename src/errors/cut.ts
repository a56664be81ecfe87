/** The one place where texts from outside are cut: never inside a surrogate pair. Places count UTF-16 units. */

/** The units of `text` from `from` to `to`; a surrogate pair that is only half among them is left out. */
export function cut(text: string, from: number, to: number = text.length): string {
  const [start, end] = [boundaryAfter(text, from), to < text.length ? boundaryBefore(text, to) : text.length];
  return text.slice(start, Math.max(start, end));
}

/** The last place at or before `at` that is not inside a surrogate pair. */
export function boundaryBefore(text: string, at: number): number {
  return isInsidePair(text, at) ? at - 1 : at;
}

/** The first place at or after `at` that is not inside a surrogate pair. */
export function boundaryAfter(text: string, at: number): number {
  return isInsidePair(text, at) ? at + 1 : at;
}

/** A surrogate without its other half. APIs of models refuse a whole conversation that holds one. */
const LONE_SURROGATE = /\p{Surrogate}/gu;

/** The text with U+FFFD for each lone surrogate. */
export function replaceLoneSurrogates(text: string): string {
  return text.replace(LONE_SURROGATE, "\ufffd");
}

function isInsidePair(text: string, at: number): boolean {
  return at > 0 && isSurrogate(text, at - 1, 0xd800) && isSurrogate(text, at, 0xdc00);
}

/** Whether the unit at `at` is among the 1024 surrogates from `first` on: 0xd800 high, 0xdc00 low. */
function isSurrogate(text: string, at: number, first: number): boolean {
  const unit = text.charCodeAt(at);
  return unit >= first && unit < first + 0x400;
}
