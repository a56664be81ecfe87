/**
 * Every bound on input from outside, in one table: callers' arguments, Portkey's answers, files.
 * Input over a bound ends the call with an error, or is cut with a note; both name the bound.
 * No sender can so decide how long the process works or how much memory it holds.
 */

const KB = 1024;
const MB = 1024 * KB;
const SECOND = 1000;
const MINUTE = 60 * SECOND;

export const BOUNDS = {
  /** Levels of nesting, of arguments and of answers: JSON.stringify and the schemas walk by recursion. */
  depth: 100,
  /** Values in one call's arguments, members and elements of any level: what the schemas check is held in memory. */
  argumentValues: 100_000,
  /** Bytes of a read's answer, as they come and after decompression. It can be asked for in smaller parts. */
  readAnswerBytes: 8 * MB,
  /** Bytes of a write's answer. It may hold a secret that is shown once, so far more is delivered than of a read's. */
  writeAnswerBytes: 64 * MB,
  /** Bytes of an answer with an error status: only its message is needed, so the rest is not read. */
  errorAnswerBytes: 256 * KB,
  /** Characters of an answer that is parsed; a longer one, which only a write may have, is passed on as text. */
  parsedAnswer: 8 * MB,
  /** Characters of all the pages that `all_pages` reads. */
  walkedPages: 32 * MB,
  /** Characters of all the answers that one composite reads. */
  compositeAnswers: 64 * MB,
  /** Bytes of one streamed completion, after decompression. */
  completionBytes: 64 * MB,
  /** Values kept of one streamed completion (members and elements of any level), and choices. */
  completionValues: 1_000_000,
  completionChoices: 1_000,
  /** A streamed completion ends after this long without a byte. Models that reason send nothing for a while. */
  completionIdleMs: 2 * MINUTE,
  /** A streamed completion lasts no longer than this. */
  completionTotalMs: 15 * MINUTE,
  /** Bytes read of an export's file, after decompression: only its first rows are shown. */
  exportBytes: 32 * MB,
  exportIdleMs: 20 * SECOND,
  exportTotalMs: MINUTE,
  /** Characters of one line of a stream or a file, and of one event's lines together. */
  line: 8 * MB,
  /** Characters of an error's message, quotations included. */
  message: 10_000,
  /** Entries of each list or object in an error's details, and levels of nesting there. */
  detailEntries: 100,
  detailDepth: 4,
  /** Characters of an argument that becomes part of a prompt's text. */
  promptArgument: 1_000,
  /** Characters of a name, a path or a value that is quoted back to the caller. */
  echo: 120,
  /** Characters of a method, and of the name or address that it is about: a header repeats them. */
  routed: 8_000,
  /** Characters of one sentence about an argument. */
  problem: 600,
  /** Problems or warnings that are spelled out; the others are counted. */
  listed: 10,
  /** Findings about one config that are listed. */
  findings: 100,
  /** Differing fields of two objects that are listed. */
  changes: 1_000,
  /** Arguments of one call that the tool's record does not declare. */
  unknownArguments: 100,
  /** Characters of a name that is compared with others to find the closest. */
  comparedName: 200,
  /** Characters of an id that becomes a segment of a path. */
  pathSegment: 2_000,
  /** Paths that `fields` may name. */
  fieldPaths: 500,
  /** Different secrets of one call that are searched for in texts; with more, every text is hidden whole. */
  secrets: 2_000,
  /** Characters at a secret's start that the search uses; after a match the rest is compared one by one. */
  secretStart: 32,
  /** How deep JSON in strings in JSON is masked by the names in it. */
  nestedJson: 3,
} as const;

/** A bound in bytes, in words: `8 MB`, `256 kB`. */
export function bytesInWords(bytes: number): string {
  return bytes >= MB ? `${Math.round(bytes / MB)} MB` : `${Math.round(bytes / KB)} kB`;
}
