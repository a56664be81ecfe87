/**
 * Redis is not trusted: others may write to it. Whatever comes from there counts only where one of this server's
 * instances made it, which a key that they share tells. What does not is dropped, counted, and logged once.
 */
import { hkdfSync, randomBytes } from "node:crypto";
import { silentLog, type Log } from "../../log/log.ts";

/** Where the key comes from: MCP_EVENT_ENCRYPTION_KEY, the other secrets of the settings, or this process alone. */
export type TrustSource = "encryption-key" | "settings" | "process";

/** `message` travels between instances, `record` is kept. */
export type Untrusted = "message" | "record";

export interface Trust {
  /** Encrypts what is kept; null where it is only authenticated. */
  readonly encryptionKey: Uint8Array | null;
  /** Authenticates messages and records. */
  readonly macKey: Uint8Array;
  readonly source: TrustSource;
  /** Counts what was dropped; `why` says what was wrong with it. */
  drop(what: Untrusted, why: string): void;
  dropped(): Readonly<Record<Untrusted, number>>;
}

export interface TrustOptions {
  readonly encryptionKey: Uint8Array | null;
  /** What instances with the same settings share, and nobody else knows. */
  readonly secret?: Uint8Array | null;
  readonly log?: Log;
}

/** For a single instance: what it wrote itself is all that it has to recognise. */
const PROCESS_SECRET = randomBytes(32);

const HINTS: Readonly<Record<TrustSource, string>> = {
  "encryption-key": "Either somebody else writes there, or instances differ in MCP_EVENT_ENCRYPTION_KEY.",
  settings:
    "Either somebody else writes there, or instances differ in their keys. Set MCP_EVENT_ENCRYPTION_KEY on all.",
  process: "Without MCP_EVENT_ENCRYPTION_KEY each instance trusts only itself. Set the same on all of them.",
};

export function createTrust({ encryptionKey, secret = null, log = silentLog }: TrustOptions): Trust {
  const counts: Record<Untrusted, number> = { message: 0, record: 0 };
  const source = sourceOf(encryptionKey, secret);
  const material = encryptionKey ?? secret ?? PROCESS_SECRET;
  return {
    encryptionKey,
    macKey: macKeyFrom(material),
    source,
    drop(what, why) {
      counts[what] += 1;
      if (counts[what] > 1) return;
      log.write("warn", `a ${what} in Redis is not this server's, and was dropped; more are only counted`, {
        why,
        hint: HINTS[source],
      });
    },
    dropped: () => ({ ...counts }),
  };
}

export function macKeyFrom(material: Uint8Array = PROCESS_SECRET): Uint8Array {
  return new Uint8Array(hkdfSync("sha256", material, "", "portkey-admin-mcp redis authentication", 32));
}

function sourceOf(encryptionKey: Uint8Array | null, secret: Uint8Array | null): TrustSource {
  if (encryptionKey !== null) return "encryption-key";
  return secret === null ? "process" : "settings";
}
