/**
 * Graceful shutdown, in this order: where a grace is set, everything is served on while `/ready` already says no, and
 * then no connection is taken any more, so that a balancer moves on by itself; without one, new messages are refused.
 * Running calls are answered, streams end so that their clients resume elsewhere, and when all of it has gone out,
 * connections close.
 */
import type { FastifyInstance } from "fastify";
import { setTimeout as delay } from "node:timers/promises";
import type { Log } from "../../log/log.ts";
import type { RunningCalls } from "../observability/count-calls.ts";
import type { LegacyEndpoint } from "../routes/legacy-endpoint.ts";
import { closeDoor } from "./close-door.ts";
import { OpenAnswers } from "./open-answers.ts";
import { quietTurn } from "./quiet-turn.ts";

export interface Drain {
  /** Whether the instance is going, so that it should get no traffic. */
  readonly draining: () => boolean;
  /** Whether new messages are refused. */
  readonly refusing: () => boolean;
  /** Whoever takes requests notes their answers here. */
  readonly answers: OpenAnswers;
  /** To be awaited before connections are closed, after everything that ends streams. */
  readonly lastAnswers: () => Promise<void>;
  /** Ends the server, once; calls that outlast `timeoutMs` are aborted. */
  stop(app: FastifyInstance): Promise<void>;
  /** Ends the grace, where there is one. */
  hurry(): void;
}

/** How long a connection that was taken last has to bring its request. */
const LINGER_MS = 1_000;
/** How long aborted calls have to answer their clients. */
const ABORTED_MS = 500;
/** How long the last answers have to go out, however long calls took before. */
const LAST_ANSWERS_MS = 1_000;

export interface DrainParts {
  readonly calls: RunningCalls;
  readonly legacy: LegacyEndpoint;
  readonly timeoutMs: number;
  /** How long everything is served on; 0: not at all. */
  readonly graceMs: number;
  readonly log: Log;
}

export function createDrain(parts: DrainParts): Drain {
  const { graceMs, timeoutMs } = parts;
  const answers = new OpenAnswers();
  const hurried = new AbortController();
  let draining = false;
  let until = 0;
  const left = () => Math.max(until - performance.now(), LAST_ANSWERS_MS);

  return {
    draining: () => draining,
    refusing: () => draining && graceMs === 0,
    answers,
    async lastAnswers() {
      await answers.sent(left());
      // A request that has just come on a connection that was kept is answered too.
      await quietTurn();
      await answers.sent(left());
    },
    async stop(app) {
      draining = true;
      answers.leave();
      if (graceMs > 0) await serveOn(app, parts, hurried.signal);
      until = performance.now() + timeoutMs;
      await endCalls(parts);
      // Others, such as a session's first message, need what closes next.
      await answers.begun(left());
      await parts.legacy.close();
      await app.close();
      parts.log.write("info", "stopped");
    },
    hurry: () => hurried.abort(),
  };
}

async function serveOn(app: FastifyInstance, { log, graceMs }: DrainParts, hurried: AbortSignal): Promise<void> {
  log.write("info", "serving on while /ready says no", { ms: graceMs });
  await delay(graceMs, undefined, { signal: hurried }).catch(() => undefined);
  // From here on connections are refused, which is safe to try elsewhere, unlike a request that was sent.
  await closeDoor(app.server);
  // What was just taken has yet to bring its request.
  await delay(LINGER_MS, undefined, { signal: hurried }).catch(() => undefined);
  // On a busy machine the time is over before the loop has read what arrived within it.
  await quietTurn();
}

async function endCalls({ calls, log, timeoutMs }: DrainParts): Promise<void> {
  log.write("info", "draining", { calls: calls.running() });
  const stillRunning = await calls.waitUntilIdle(timeoutMs);
  if (stillRunning === 0) return;
  log.write("warn", "calls are aborted: they outlasted MCP_SHUTDOWN_TIMEOUT_MS", { calls: stillRunning });
  calls.abort();
  if ((await calls.waitUntilIdle(ABORTED_MS)) > 0) calls.giveUp();
  await calls.waitUntilIdle(ABORTED_MS);
}
