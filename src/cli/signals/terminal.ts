/**
 * Decides what SIGHUP means. The system sends it when a terminal closes, and operators send it to have files read
 * again. A process that was started in a terminal can tell them apart: its terminal is gone or not.
 */
import { closeSync, constants, openSync } from "node:fs";

/** MCP_ON_HANGUP. */
export type OnHangup = "auto" | "reload" | "end";

/** Create it at the start, and call the returned function at each SIGHUP. */
export function createHangup(wanted: OnHangup, hasTerminal: () => boolean = opensTerminal): () => "reload" | "end" {
  const had = hasTerminal();
  return () => {
    if (wanted !== "auto") return wanted;
    // On Windows it only comes for a closed console.
    if (process.platform === "win32") return "end";
    return had && !hasTerminal() ? "end" : "reload";
  };
}

/** Whether the process has a controlling terminal. */
function opensTerminal(): boolean {
  try {
    closeSync(openSync("/dev/tty", constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK));
    return true;
  } catch {
    return false;
  }
}
