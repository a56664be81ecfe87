/**
 * Progress notifications, in both eras. MCP requires that progress only grows and that its rate is limited. A step that
 * does not grow, or comes too soon, is dropped: a later one says more.
 */
import type { ClientLink } from "./registry.ts";

/** The parameters of one `notifications/progress`. */
export interface ProgressParams {
  readonly progressToken: string | number;
  readonly progress: number;
  readonly total?: number;
  readonly message?: string;
}

/** A token bucket: its size, and the tokens added each second. */
const BURST = 1_000;
const PER_SECOND = 100;

/** Returns a function that reports progress by `send`. */
export function createProgress(
  progressToken: string | number,
  send: (params: { -readonly [K in keyof ProgressParams]: ProgressParams[K] }) => void,
): NonNullable<ClientLink["progress"]> {
  let last = -Infinity;
  let allowed = BURST;
  let filled = performance.now();
  return (progress, total, message) => {
    if (progress <= last) return;
    const now = performance.now();
    allowed = Math.min(BURST, allowed + ((now - filled) * PER_SECOND) / 1000);
    filled = now;
    if (allowed < 1) return;
    allowed -= 1;
    last = progress;
    send({ progressToken, progress, ...(total !== undefined && { total }), ...(message !== undefined && { message }) });
  };
}
