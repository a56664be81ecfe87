/**
 * Graceful shutdown, in this order: new messages are refused, running calls are answered, streams end so that their
 * clients resume elsewhere, and connections close.
 */
import type { FastifyInstance } from "fastify";
import type { Log } from "../../log/log.ts";
import type { RunningCalls } from "../observability/count-calls.ts";
import type { LegacyEndpoint } from "../routes/legacy-endpoint.ts";

export interface Drain {
  /** Whether new messages are refused. */
  readonly draining: () => boolean;
  /** Ends the server, once; calls that outlast `timeoutMs` are aborted. */
  stop(app: FastifyInstance): Promise<void>;
}

/** How long aborted calls have to answer their clients. */
const ABORTED_MS = 500;

export interface DrainParts {
  readonly calls: RunningCalls;
  readonly legacy: LegacyEndpoint;
  readonly timeoutMs: number;
  readonly log: Log;
}

export function createDrain({ calls, legacy, timeoutMs, log }: DrainParts): Drain {
  let draining = false;

  async function end(app: FastifyInstance): Promise<void> {
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
    stop(app) {
      draining = true;
      return end(app);
    },
  };
}
