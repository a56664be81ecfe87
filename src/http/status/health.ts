/**
 * Whether this process works, for the supervisor that restarts it otherwise: its event loop is not blocked, its tools
 * can be listed, and no built-in prototype was polluted.
 */
import type { Policy } from "../../catalog/policy.ts";
import type { Log } from "../../log/log.ts";
import type { Registry } from "../../mcp/registry.ts";

export type Health = "ok" | "stalled" | "broken";

export interface HealthParts {
  readonly registry: Pick<Registry, "listTools">;
  /** What the server's settings admit. */
  readonly policy: Policy;
  readonly log: Log;
  readonly timing?: Partial<HealthTiming>;
}

/** Milliseconds. */
export interface HealthTiming {
  /** Between two checks of the event loop. */
  readonly beatMs: number;
  /** The period that counts. */
  readonly windowMs: number;
  /** How long the loop may be blocked in that period, in all. */
  readonly stalledMs: number;
}

const TIMING: HealthTiming = { beatMs: 250, windowMs: 30_000, stalledMs: 15_000 };

export function createHealth({ registry, policy, log, timing = {} }: HealthParts) {
  const { beatMs, windowMs, stalledMs } = { ...TIMING, ...timing };
  let stalls: { readonly at: number; readonly ms: number }[] = [];
  let before = performance.now();
  let logged: Health = "ok";

  /** Notes for how long the loop was blocked, if it was. */
  function beat(): void {
    const now = performance.now();
    const late = now - before - beatMs;
    before = now;
    if (late > beatMs) stalls.push({ at: now, ms: late });
    stalls = stalls.filter(({ at }) => now - at < windowMs);
  }

  const timer = setInterval(beat, beatMs);
  timer.unref();

  function listsTools(): boolean {
    try {
      return registry.listTools({ principal: "health", policy, credentials: {} }).startsWith("{");
    } catch {
      return false;
    }
  }

  function check(): Health {
    const blockedMs = stalls.reduce((sum, { ms }) => sum + ms, 0);
    if (blockedMs >= stalledMs) return "stalled";
    return isClean(Object.prototype) && isClean(Array.prototype) && listsTools() ? "ok" : "broken";
  }

  return {
    state(): Health {
      // After a block, the waiting request is handled before the timer.
      beat();
      const health = check();
      if (health !== logged) log.write(health === "ok" ? "info" : "error", `the process is ${health}`);
      logged = health;
      return health;
    },
    close: () => clearInterval(timer),
  };
}

/** Whether a prototype has no added members: built-in ones are not enumerable. */
function isClean(prototype: object): boolean {
  return Object.keys(prototype).length === 0;
}
