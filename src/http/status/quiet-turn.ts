/** A turn of the event loop in which nothing happened: right after it, all connections and data that waited are taken. */
import { setImmediate as nextTurn } from "node:timers/promises";

const QUIET_TURN_MS = 0.1;

/**
 * Resolves right after such a turn; in a turn with more to do, more may have come since. On a busy machine there may be
 * none: after `limitMs` it resolves after any.
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
