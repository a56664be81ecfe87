/**
 * Redis is not trusted: others may write to it. Data from there counts only where a MAC with a shared key shows that an
 * instance of this server wrote it. Other data is dropped and counted, and logged once.
 */
import { hkdfSync, randomBytes } from "node:crypto";
import { silentLog, type Log } from "../../log/log.ts";

/** Where the key comes from: MCP_EVENT_ENCRYPTION_KEY, the other secrets of the settings, or this process alone. */
export type TrustSource = "encryption-key" | "settings" | "process";

/** `message` travels between instances, `record` is kept. */
export type Untrusted = "message" | "record";

export interface Trust {
  /** Encrypts records; null where they are only authenticated. */
  readonly encryptionKey: Uint8Array | null;
  /** Authenticates messages and records. */
  readonly macKey: Uint8Array;
  readonly source: TrustSource;
  /** Counts an item that was dropped; `why` says what was wrong with it. */
  drop(what: Untrusted, why: string): void;
  dropped(): Readonly<Record<Untrusted, number>>;
}

export interface TrustOptions {
  readonly encryptionKey: Uint8Array | null;
  /** A secret that only instances with the same settings know. */
  readonly secret?: Uint8Array | null;
  readonly log?: Log;
}

/** For a process without a shared secret, which then trusts only what it wrote itself. */
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
