/**
 * Warns where several instances share one Redis without MCP_EVENT_ENCRYPTION_KEY.
 * Instances that share no other secret either drop each other's messages, and trust.ts logs that with the same advice.
 */
import type { Log } from "../../log/log.ts";
import type { Trust } from "./trust.ts";

const WARNING =
  "several instances share Redis without MCP_EVENT_ENCRYPTION_KEY: what is kept there is authenticated, not encrypted";

/** Returns a function to call for each greeting of another instance; it warns once. */
export function warnOfPeers(trust: Trust, log: Log): () => void {
  let warned = false;
  return () => {
    if (warned || trust.source === "encryption-key") return;
    warned = true;
    log.write("warn", WARNING, { hint: "Set the same MCP_EVENT_ENCRYPTION_KEY on all of them." });
  };
}
