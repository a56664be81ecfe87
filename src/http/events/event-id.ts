/**
 * Event ids as clients see them: `<scope's tag>.<stream>.<seq>`. The tag is a digest of the session (or, without
 * sessions, of the caller's binding), so that an id says where it belongs without giving a session away; the stream's
 * name cannot be guessed. An id is only ever looked up inside the scope of the request that brings it.
 */
import { createHash, randomUUID } from "node:crypto";
import { keepRecent } from "../../catalog/keep-recent.ts";

/** The stream of a session's GET: its messages belong to no request. */
export const STANDALONE = "get";

/** Greater than the sequence number of any event: only one event can have it, and nothing follows it. */
export const LAST_SEQ = Number.MAX_SAFE_INTEGER;

/** One stream of one scope. */
export interface StreamKey {
  readonly scope: string;
  readonly stream: string;
  /** Whose share of what is kept it takes; told by whoever writes. */
  readonly owner?: string;
}

const FORM = /^([\w-]{16})\.(get|[\w-]{22})\.(0|[1-9]\d{0,15})$/;
const TAG_BYTES = 12;

/** Of a random UUID, since Node draws the randomness for many of these at once. */
export function newStream(): string {
  return Buffer.from(randomUUID().replaceAll("-", ""), "hex").toString("base64url");
}

export function eventId({ scope, stream }: StreamKey, seq: number): string {
  return `${tagOf(scope)}.${stream}.${seq}`;
}

/** Where an id points to within `scope`; undefined where it is malformed or another scope's. */
export function parseEventId(id: string, scope: string): { readonly key: StreamKey; readonly seq: number } | undefined {
  const [, tag, stream, seq] = FORM.exec(id) ?? [];
  if (tag !== tagOf(scope) || stream === undefined) return undefined;
  const after = Number(seq);
  return Number.isSafeInteger(after) ? { key: { scope, stream }, seq: after } : undefined;
}

/** Of the scopes in use: each event's id asks for its tag. */
const tags = keepRecent<string>(1_000);

function tagOf(scope: string): string {
  return tags(scope, () =>
    createHash("sha256").update(`events of ${scope}`).digest().subarray(0, TAG_BYTES).toString("base64url"),
  );
}
