/**
 * Warns where several instances share one Redis without MCP_EVENT_ENCRYPTION_KEY. Where they share no other secret
 * either, they cannot read each other, and what they drop is logged with the same advice.
 */
import type { Log } from "../../log/log.ts";
import type { Trust } from "./trust.ts";

const WARNING =
  "several instances share Redis without MCP_EVENT_ENCRYPTION_KEY: what is kept there is authenticated, not encrypted";

/** To be called when another instance has been heard of; it warns once. */
export function warnOfPeers(trust: Trust, log: Log): () => void {
  let warned = false;
  return () => {
    if (warned || trust.source === "encryption-key") return;
    warned = true;
    log.write("warn", WARNING, { hint: "Set the same MCP_EVENT_ENCRYPTION_KEY on all of them." });
  };
}
