/** Waits for a turn of the event loop with nothing to do: after it, all waiting connections and data have been read. */
import { setImmediate as nextTurn } from "node:timers/promises";

const QUIET_TURN_MS = 0.1;

/**
 * Resolves right after such a turn. On a busy machine there may be none: after `limitMs` it resolves after any turn.
 */
export async function quietTurn(limitMs = 1_000): Promise<void> {
  const start = performance.now();
  for (let before = start; before - start < limitMs;) {
    await nextTurn();
    const now = performance.now();
    if (now - before < QUIET_TURN_MS) return;
    before = now;
  }
}
