/**
 * Whether this process still serves, for whoever restarts it when it does not: its event loop turns, its tools can be
 * listed, and nothing has poisoned the prototype that every object inherits from.
 */
import type { Policy } from "../../catalog/policy.ts";
import type { Log } from "../../log/log.ts";
import type { Registry } from "../../mcp/registry.ts";

export type Health = "ok" | "stalled" | "broken";

export interface HealthParts {
  readonly registry: Pick<Registry, "listTools">;
  /** The server's upper bound. */
  readonly policy: Policy;
  readonly log: Log;
  readonly timing?: Partial<HealthTiming>;
}

/** Milliseconds. */
export interface HealthTiming {
  /** How often it is seen that the loop turns. */
  readonly beatMs: number;
  /** The time that is looked back on. */
  readonly windowMs: number;
  /** How much of that the loop may stand still. */
  readonly stalledMs: number;
}

const TIMING: HealthTiming = { beatMs: 250, windowMs: 30_000, stalledMs: 15_000 };

export function createHealth({ registry, policy, log, timing = {} }: HealthParts) {
  const { beatMs, windowMs, stalledMs } = { ...TIMING, ...timing };
  let stalls: { readonly at: number; readonly ms: number }[] = [];
  let before = performance.now();
  let said: Health = "ok";

  /** Notes for how long the loop has stood still, if it has. */
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

  function find(): Health {
    const stood = stalls.reduce((sum, { ms }) => sum + ms, 0);
    if (stood >= stalledMs) return "stalled";
    return isClean(Object.prototype) && isClean(Array.prototype) && listsTools() ? "ok" : "broken";
  }

  return {
    state(): Health {
      // A request that waited for the loop comes before the timer does.
      beat();
      const health = find();
      if (health !== said) log.write(health === "ok" ? "info" : "error", `the process is ${health}`);
      said = health;
      return health;
    },
    close: () => clearInterval(timer),
  };
}

/** Built-in members are not enumerable. */
function isClean(prototype: object): boolean {
  return Object.keys(prototype).length === 0;
}
