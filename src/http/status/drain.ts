/**
 * Graceful shutdown, in this order: where a grace is set, everything is served on while `/ready` already says no, and
 * then no connection is taken any more, so that a balancer moves on by itself; without one, new messages are refused.
 * Running calls are answered, streams end so that their clients resume elsewhere, and connections close.
 */
import type { FastifyInstance } from "fastify";
import { Server as NetServer } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import type { Log } from "../../log/log.ts";
import type { RunningCalls } from "../observability/count-calls.ts";
import type { LegacyEndpoint } from "../routes/legacy-endpoint.ts";

export interface Drain {
  /** Whether the instance is going, so that it should get no traffic. */
  readonly draining: () => boolean;
  /** Whether new messages are refused. */
  readonly refusing: () => boolean;
  /** What came while the server was going and is not answered yet; whoever takes requests notes them here. */
  readonly late: Set<unknown>;
  /** Ends the server, once; calls that outlast `timeoutMs` are aborted. */
  stop(app: FastifyInstance): Promise<void>;
  /** Ends the grace, where there is one. */
  hurry(): void;
}

/** How long a connection that was taken last has to bring its request. */
const LINGER_MS = 1_000;
/** How long aborted calls have to answer their clients. */
const ABORTED_MS = 500;

/** A turn of the event loop in which nothing happened. */
const QUIET_TURN_MS = 0.1;
/** How long to wait for one. */
const TURNS_MS = 1_000;

/**
 * Resolves right after the loop has taken all connections and data that wait: what still waits at the close is broken.
 * In a turn with more to do, more may have come since.
 */
async function untilNothingWaits(): Promise<void> {
  const start = performance.now();
  for (let before = start; before - start < TURNS_MS;) {
    await new Promise((resolve) => void setImmediate(resolve));
    const now = performance.now();
    if (now - before < QUIET_TURN_MS) return;
    before = now;
  }
}

export interface DrainParts {
  readonly calls: RunningCalls;
  readonly legacy: LegacyEndpoint;
  readonly timeoutMs: number;
  /** How long everything is served on; 0: not at all. */
  readonly graceMs: number;
  readonly log: Log;
}

export function createDrain({ calls, legacy, timeoutMs, graceMs, log }: DrainParts): Drain {
  let draining = false;
  const late = new Set<unknown>();
  const hurried = new AbortController();

  async function serveOn(app: FastifyInstance): Promise<void> {
    log.write("info", "serving on while /ready says no", { ms: graceMs });
    await delay(graceMs, undefined, { signal: hurried.signal }).catch(() => undefined);
    await untilNothingWaits();
    // From here on connections are refused, which is safe to try elsewhere, unlike a request that was sent.
    // An HTTP server's own close would break connections too whose next request is on its way.
    NetServer.prototype.close.call(app.server);
    // What was just taken has yet to bring its request.
    await delay(LINGER_MS, undefined, { signal: hurried.signal }).catch(() => undefined);
    // On a busy machine the time is over before the loop has read what arrived within it.
    await untilNothingWaits();
    const until = Date.now() + timeoutMs;
    while (late.size > 0 && Date.now() < until && !hurried.signal.aborted) await delay(10);
  }

  async function end(app: FastifyInstance): Promise<void> {
    if (graceMs > 0) await serveOn(app);
    log.write("info", "draining", { calls: calls.running() });
    const stillRunning = await calls.waitUntilIdle(timeoutMs);
    if (stillRunning > 0) {
      log.write("warn", "calls are aborted: they outlasted MCP_SHUTDOWN_TIMEOUT_MS", { calls: stillRunning });
      calls.abort();
      if ((await calls.waitUntilIdle(ABORTED_MS)) > 0) calls.giveUp();
      await calls.waitUntilIdle(ABORTED_MS);
    }
    await legacy.close();
    await app.close();
    log.write("info", "stopped");
  }

  return {
    draining: () => draining,
    refusing: () => draining && graceMs === 0,
    late,
    stop(app) {
      draining = true;
      return end(app);
    },
    hurry: () => hurried.abort(),
  };
}
