/**
 * Checks that an id remains a single segment of the path, also for a proxy that decodes or normalises paths.
 * A slash alone is allowed: it is sent encoded, and names of models contain some.
 */
import { BOUNDS } from "../../errors/bounds.ts";

/** How many layers of encoding are undone; an id with more is refused. */
const ROUNDS = 6;
/** Characters that some servers treat as a slash or a dot, and that NFKC does not change into one. */
const LIKE_SLASH = /[\u2044\u2215\u2216\u29F5\u29F8\u29F9]/g;
const LIKE_DOT = /[\u3002\u06D4\u0701\u0702]/g;

/** What is wrong with `id`; undefined where it is one segment. */
export function segmentProblem(id: string): string | undefined {
  if (id === "") return "must not be empty";
  if (id.length > BOUNDS.pathSegment) return `must be an id of at most ${BOUNDS.pathSegment} characters`;
  let text = normalise(id);
  for (let round = 0; round <= ROUNDS; round++) {
    if (/\p{Cc}/u.test(text)) return "must not contain control characters, plain or encoded";
    if (text.split(/[/\\]/).some(isDotSegment))
      return 'must be an id, and not hold a segment "." or "..", plain or encoded, which leads to another path';
    const decoded = normalise(decodeOnce(text));
    if (decoded === text) return undefined;
    text = decoded;
  }
  return "must be an id, and is encoded too often";
}

/** `.` or `..`, also with parts that servers strip from a segment: spaces, invisible characters, parameters. */
function isDotSegment(segment: string): boolean {
  const bare = (segment.split(";", 1)[0] ?? "").replace(/[\s\p{Cf}]/gu, "");
  return bare === "." || bare === "..";
}

function normalise(text: string): string {
  return text.normalize("NFKC").replace(LIKE_SLASH, "/").replace(LIKE_DOT, ".");
}

/** Decodes percent-encoding as a lenient server does: also overlong UTF-8 and `%u002e`; invalid encodings stay. */
function decodeOnce(text: string): string {
  return text
    .replace(/%u([0-9a-f]{4})/gi, (_, unit: string) => String.fromCharCode(Number.parseInt(unit, 16)))
    .replace(/%(?:c0|e0%80|f0%80%80)%([89ab][0-9a-f])/gi, (_, byte: string) =>
      toAscii(Number.parseInt(byte, 16) & 0x3f),
    )
    .replace(/%c1%([89ab][0-9a-f])/gi, (_, byte: string) => toAscii(0x40 | (Number.parseInt(byte, 16) & 0x3f)))
    .replace(/%([0-7][0-9a-f])/gi, (_, byte: string) => toAscii(Number.parseInt(byte, 16)))
    .replace(/(?:%[89a-f][0-9a-f])+/gi, decodeBytes);
}

function toAscii(code: number): string {
  return String.fromCharCode(code);
}

function decodeBytes(bytes: string): string {
  try {
    return decodeURIComponent(bytes);
  } catch {
    return bytes;
  }
}
