/**
 * Graceful shutdown, in this order. With a grace period, requests are still served while `/ready` fails, so that load
 * balancers stop sending traffic; then no new connections are accepted. Without one, new messages are refused.
 * Running calls are answered, streams end so that their clients resume on another instance, and when all responses have
 * been sent, connections close.
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
  /** Whether the instance is shutting down, so that it should get no traffic. */
  readonly draining: () => boolean;
  /** Whether new messages are refused. */
  readonly refusing: () => boolean;
  /** Every response must be added here. */
  readonly answers: OpenAnswers;
  /** Wait for it before connections are closed, and after all streams have been ended. */
  readonly lastAnswers: () => Promise<void>;
  /** Ends the server, once; calls that outlast `timeoutMs` are aborted. */
  stop(app: FastifyInstance): Promise<void>;
  /** Ends the grace period, where there is one. */
  hurry(): void;
}

/** How long the last accepted connections may take to send their requests. */
const LINGER_MS = 1_000;
/** How long aborted calls may take to answer their clients. */
const ABORTED_MS = 500;
/** How long sending the last responses may take, however long calls have taken. */
const LAST_ANSWERS_MS = 1_000;

export interface DrainParts {
  readonly calls: RunningCalls;
  readonly legacy: LegacyEndpoint;
  readonly timeoutMs: number;
  /** The grace period; 0: none. */
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
      // Also for a request that has just arrived on a kept-alive connection.
      await quietTurn();
      await answers.sent(left());
    },
    async stop(app) {
      draining = true;
      answers.leave();
      if (graceMs > 0) await serveOn(app, parts, hurried.signal);
      until = performance.now() + timeoutMs;
      await endCalls(parts);
      // Other requests, such as a session's first message, need the parts that close next.
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
  // New connections are refused from here on: clients can safely try another instance.
  await closeDoor(app.server);
  // Connections that were just accepted have yet to send their requests.
  await delay(LINGER_MS, undefined, { signal: hurried }).catch(() => undefined);
  // On a busy machine the event loop may not have read yet what arrived in this time.
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
