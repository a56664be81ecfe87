/**
 * The running tool calls: limits how many an owner may run and for how long, and lets a server that drains wait for
 * them. It wraps the registry, so that calls of every transport and both eras are counted.
 */
import { PortkeyMcpError } from "../../errors/errors.ts";
import type { ClientLink, Registry } from "../../mcp/registry.ts";
import { CallSlots } from "./call-slots.ts";
import { Deadlines } from "./deadlines.ts";

export interface RunningCalls {
  /** The registry to serve. */
  readonly registry: Registry;
  readonly running: () => number;
  /** Aborts all running calls, which then end with an error result. */
  abort(): void;
  /** Rejects calls that ignored the abort. */
  giveUp(): void;
  /** Resolves when no call runs, or after `timeoutMs`; with the number of running calls. */
  waitUntilIdle(timeoutMs: number): Promise<number>;
}

/** How long an aborted call may take to end by itself. */
const ABORTED_MS = 1_000;

/** Admits `limit` calls of one owner at once, each for `maxMs` at most. */
export function countCalls(registry: Registry, limit: number, maxMs?: number): RunningCalls {
  const slots = new CallSlots(limit);
  const calls = new Set<RunningCall>();
  const deadlines = maxMs === undefined ? undefined : new Deadlines<RunningCall>(maxMs, (call) => endLate(call, maxMs));
  const idle = createIdleSignal(() => calls.size);

  const counted: Registry = {
    ...registry,
    async callTool(name, args, caller, link) {
      const slot = slots.take(caller);
      const call = startCall(link);
      calls.add(call);
      deadlines?.add(call);
      try {
        return await call.orGivenUp(registry.callTool(name, args, caller, { ...slot.link(link), signal: call.signal }));
      } finally {
        call.end();
        deadlines?.delete(call);
        calls.delete(call);
        slot.free();
        if (calls.size === 0) idle.reached();
      }
    },
  };

  return {
    registry: counted,
    running: () => calls.size,
    abort() {
      for (const call of calls) call.abort(stoppedError());
    },
    giveUp() {
      for (const { giveUp } of calls) giveUp(stoppedError());
    },
    waitUntilIdle: idle.wait,
  };
}

/** Waits until no call runs; call `reached` when that is so. */
function createIdleSignal(running: () => number): { reached(): void; wait(timeoutMs: number): Promise<number> } {
  let wake: () => void = () => undefined;
  return {
    reached: () => wake(),
    wait(timeoutMs) {
      if (running() === 0) return Promise.resolve(0);
      return new Promise((resolve) => {
        const timer = setTimeout(() => resolve(running()), timeoutMs);
        wake = () => {
          clearTimeout(timer);
          // The call's answer is written in the next turns of the event loop.
          setImmediate(() => setImmediate(() => resolve(running())));
        };
      });
    },
  };
}

interface RunningCall extends Abortable {
  /** The call's result; rejects with the reason of `giveUp`. */
  orGivenUp<Result>(result: Promise<Result>): Promise<Result>;
  giveUp(reason: Error): void;
}

/** A signal that aborts with the link's, or by `abort`. */
interface Abortable {
  readonly signal: AbortSignal;
  readonly abort: (reason: Error) => void;
  /** Stops listening to the link's signal. */
  readonly end: () => void;
}

function createAbortable({ signal, abort }: ClientLink): Abortable {
  // Creating a signal would take longer than the rest of the counting.
  if (abort !== undefined) return { signal, abort, end: () => undefined };
  const controller = new AbortController();
  const forward = () => controller.abort(signal.reason);
  if (signal.aborted) forward();
  else signal.addEventListener("abort", forward);
  return {
    signal: controller.signal,
    abort: (reason) => controller.abort(reason),
    end: () => signal.removeEventListener("abort", forward),
  };
}

function startCall(link: ClientLink): RunningCall {
  let reject: (reason: Error) => void = () => undefined;
  return {
    ...createAbortable(link),
    orGivenUp: (result) =>
      new Promise((resolve, rejectIt) => {
        reject = rejectIt;
        result.then(resolve, rejectIt);
      }),
    giveUp: (reason) => reject(reason),
  };
}

/** Aborts a call that has run for too long, and rejects it where it does not end then. */
function endLate({ abort, giveUp }: RunningCall, maxMs: number): void {
  const tooLong = new PortkeyMcpError(
    "CANCELLED",
    `The call ran for ${maxMs / 1000} s and was stopped (MCP_CALL_TIMEOUT_MS); whether it took effect is not known.`,
  );
  abort(tooLong);
  setTimeout(() => giveUp(tooLong), ABORTED_MS).unref();
}

function stoppedError(): PortkeyMcpError {
  return new PortkeyMcpError(
    "CANCELLED",
    "This instance stopped before the call ended; whether it took effect is not known.",
  );
}
