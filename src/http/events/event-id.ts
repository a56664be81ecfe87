/**
 * Event ids as clients see them: `<tag of the scope>.<stream>.<seq>`.
 * The tag is a digest of the session (without sessions, of the caller's binding), so that an id does not reveal the
 * session. The stream's name cannot be guessed, and an id is only looked up in the scope of the request that brings it.
 */
import { createHash, randomUUID } from "node:crypto";
import { createRecentCache } from "../../catalog/recent-cache.ts";

/** The name of a session's standalone stream, which GET opens for messages that belong to no request. */
export const STANDALONE = "get";

/** The sequence number of the event that ends a stream: the greatest, so that no event can follow. */
export const LAST_SEQ = Number.MAX_SAFE_INTEGER;

/** One stream of one scope. */
export interface StreamKey {
  readonly scope: string;
  readonly stream: string;
  /** Whose share of the store the stream counts towards; only the writer sets it. */
  readonly owner?: string;
}

const FORM = /^([\w-]{16})\.(get|[\w-]{22})\.(0|[1-9]\d{0,15})$/;
const TAG_BYTES = 12;

/** A name that cannot be guessed. From randomUUID, since Node generates the randomness for many of those at once. */
export function newStreamName(): string {
  return Buffer.from(randomUUID().replaceAll("-", ""), "hex").toString("base64url");
}

export function eventId({ scope, stream }: StreamKey, seq: number): string {
  return `${tagOf(scope)}.${stream}.${seq}`;
}

/** The stream and sequence number of an id; undefined where it is malformed or another scope's. */
export function parseEventId(id: string, scope: string): { readonly key: StreamKey; readonly seq: number } | undefined {
  const [, tag, stream, seq] = FORM.exec(id) ?? [];
  if (tag !== tagOf(scope) || stream === undefined) return undefined;
  const after = Number(seq);
  return Number.isSafeInteger(after) ? { key: { scope, stream }, seq: after } : undefined;
}

/** Caches tags, since each event's id needs its scope's. */
const tags = createRecentCache<string>(1_000);

function tagOf(scope: string): string {
  return tags(scope, () =>
    createHash("sha256").update(`events of ${scope}`).digest().subarray(0, TAG_BYTES).toString("base64url"),
  );
}
