/**
 * The `requestState` of revision 2026-07-28: what a call needs when it runs again with the answers to its questions.
 * The client keeps it, so it is sealed (AES-256-GCM), and valid for one principal, one request and ten minutes.
 */
import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from "node:crypto";

/** The state of a call's earlier rounds, by the names of its questions. */
export interface RoundState {
  /** The digest of each open question. */
  readonly asked: Readonly<Record<string, string>>;
  /** The digest and the answer of each answered question. */
  readonly answered: Readonly<Record<string, { readonly digest: string; readonly answer: unknown }>>;
}

export interface RequestStateCodec {
  /** `bound` names what the state is valid for: the principal and the request. */
  seal(state: RoundState, bound: string): string;
  /** The state; undefined where it was changed, is for something else, has expired, or was sealed with another key. */
  open(sealed: string, bound: string): RoundState | undefined;
}

/** How long a state is valid; milliseconds. */
export const STATE_TTL_MS = 600_000;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * A codec whose key is derived from `secret`. Instances behind one load balancer need the same secret: otherwise a call
 * that asked on one of them cannot continue on another.
 */
export function createRequestStateCodec(secret: Uint8Array | string, now: () => number = Date.now): RequestStateCodec {
  const key = new Uint8Array(hkdfSync("sha256", secret, "", "portkey-admin-mcp request state v1", 32));
  return {
    seal(state, bound) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv("aes-256-gcm", key, nonce).setAAD(Buffer.from(bound));
      const text = JSON.stringify({ ...state, expires: now() + STATE_TTL_MS });
      return Buffer.concat([nonce, cipher.update(text, "utf8"), cipher.final(), cipher.getAuthTag()]).toString(
        "base64url",
      );
    },
    open(sealed, bound) {
      const bytes = Buffer.from(sealed, "base64url");
      // Node's decoder skips characters that are not base64url: only the exact text that was sealed may be accepted.
      if (bytes.length < NONCE_BYTES + TAG_BYTES || bytes.toString("base64url") !== sealed) return undefined;
      const decipher = createDecipheriv("aes-256-gcm", key, bytes.subarray(0, NONCE_BYTES));
      decipher.setAAD(Buffer.from(bound)).setAuthTag(bytes.subarray(-TAG_BYTES));
      try {
        const text = Buffer.concat([
          decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES)),
          decipher.final(),
        ]).toString("utf8");
        const { expires, ...state } = JSON.parse(text) as RoundState & { expires: number };
        return expires > now() ? state : undefined;
      } catch {
        return undefined;
      }
    },
  };
}

/** SHA-256 of a JSON value, independent of the order of its keys. */
export function digestOf(value: unknown): string {
  return createHash("sha256")
    .update(JSON.stringify(withSortedKeys(value)) ?? "")
    .digest("base64url");
}

function withSortedKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withSortedKeys);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, item]) => [key, withSortedKeys(item)]),
  );
}
