/**
 * What SIGHUP means. It comes when a terminal closes, and it is what operators send to have files read again. A process
 * that was started in a terminal can tell the two apart: after the first its terminal is gone.
 */
import { closeSync, constants, openSync } from "node:fs";

/** MCP_ON_HANGUP. */
export type OnHangup = "auto" | "reload" | "end";

/** Asked at each SIGHUP; made at the start. */
export function createHangup(wanted: OnHangup, hasTerminal: () => boolean = opensTerminal): () => "reload" | "end" {
  const had = hasTerminal();
  return () => {
    if (wanted !== "auto") return wanted;
    // Windows sends it for a closed console alone.
    if (process.platform === "win32") return "end";
    return had && !hasTerminal() ? "end" : "reload";
  };
}

/** Whether the process has a controlling terminal; nohup, setsid and containers leave it without one, or keep it. */
function opensTerminal(): boolean {
  try {
    closeSync(openSync("/dev/tty", constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK));
    return true;
  } catch {
    return false;
  }
}
