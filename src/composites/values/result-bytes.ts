/** The limit of a composite's list: the setting for results without a reserve. */

const byDefault = 40_000;
/** Bytes for the members beside the list. */
const reservedBytes = 1500;

/** Bytes that an answer's list may take. */
export function resultBytes(settings: Readonly<Record<string, string>>): number {
  const set = Number(settings["PORTKEY_MAX_RESULT_BYTES"] ?? byDefault);
  return Math.max((Number.isFinite(set) && set > 0 ? set : byDefault) - reservedBytes, 1000);
}
