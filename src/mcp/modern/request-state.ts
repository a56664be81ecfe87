/**
 * The `requestState` of 2026-07-28: what a call that asked its client something needs when it runs again. It travels
 * through the client, so it is sealed (AES-256-GCM), good for one principal, one request and ten minutes.
 */
import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from "node:crypto";

/** What earlier rounds of a call left behind. Keys name questions. */
export interface RoundState {
  /** Digest of each question that is still open. */
  readonly asked: Readonly<Record<string, string>>;
  /** Digest and answer of each question already answered. */
  readonly answered: Readonly<Record<string, { readonly digest: string; readonly answer: unknown }>>;
}

export interface RequestStateCodec {
  /** `bound` is what the state holds for: the principal and the request's digest. */
  seal(state: RoundState, bound: string): string;
  /** The state, or undefined where it was changed, made for something else, expired, or made with another key. */
  open(sealed: string, bound: string): RoundState | undefined;
}

/** How long a state holds; milliseconds. */
export const STATE_TTL_MS = 600_000;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * A codec whose key is derived from `secret`. Instances behind one load balancer need the same secret, or a call
 * that asked on one of them cannot be answered on another.
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
      // Node's decoder skips what is not base64url; only the exact text that was sealed may pass.
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

/** SHA-256 of a JSON value, the same for any order of its keys. */
export function digestOf(value: unknown): string {
  return createHash("sha256")
    .update(JSON.stringify(sorted(value)) ?? "")
    .digest("base64url");
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, item]) => [key, sorted(item)]),
  );
}
