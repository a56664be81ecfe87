/**
 * Warns where several instances share one Redis without MCP_EVENT_ENCRYPTION_KEY. Where they share no other secret
 * either, they cannot read each other, and what they drop is logged with the same advice.
 */
import type { Log } from "../../log/log.ts";
import type { Trust } from "./trust.ts";

const WARNING =
  "several instances share Redis without MCP_EVENT_ENCRYPTION_KEY: what is kept there is authenticated, not encrypted";

export interface Peers {
  /** Tells the others that this instance is there. */
  readonly greet: () => void;
  /** Another instance has been heard of. */
  readonly met: () => void;
}

export interface PeersParts {
  readonly trust: Trust;
  readonly log: Log;
  readonly hello: () => Promise<void>;
}

export function watchPeers({ trust, log, hello }: PeersParts): Peers {
  let warned = false;
  return {
    greet: () => void hello().catch(() => undefined),
    met() {
      if (warned || trust.source === "encryption-key") return;
      warned = true;
      log.write("warn", WARNING, { hint: "Set the same MCP_EVENT_ENCRYPTION_KEY on all of them." });
    },
  };
}
