/**
 * The calls that run now: counted for each owner, refused beyond the limit, ended where they outlast theirs, and waited
 * for when the server drains. It wraps the registry, so that every transport and both eras are counted alike, from the
 * call's start to its end.
 */
import { PortkeyMcpError } from "../../errors/errors.ts";
import type { ClientLink, Registry } from "../../mcp/registry.ts";
import { CallSlots } from "./call-slots.ts";
import { Deadlines } from "./deadlines.ts";

export interface RunningCalls {
  /** The registry to serve. */
  readonly registry: Registry;
  readonly running: () => number;
  /** Aborts every call that runs; each ends with its own answer that says so. */
  abort(): void;
  /** Ends calls that ignored the abort, with an error. */
  giveUp(): void;
  /** Resolves when no call runs, or after `timeoutMs`, with how many still do. */
  waitUntilIdle(timeoutMs: number): Promise<number>;
}

/** How long a call that has been aborted has to end by itself. */
const ABORTED_MS = 1_000;

/** `limit` calls of one owner, each for `maxMs` at most. */
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
      for (const call of calls) call.abort(stopped());
    },
    giveUp() {
      for (const { giveUp } of calls) giveUp(stopped());
    },
    waitUntilIdle: idle.wait,
  };
}

/** Waits until nothing runs any more; `reached` says that it is so. */
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
          // The call's answer is written in the turns of the event loop that follow its end.
          setImmediate(() => setImmediate(() => resolve(running())));
        };
      });
    },
  };
}

interface RunningCall extends Endable {
  /** The call's own end, or the reason for which it was given up. */
  orGivenUp<Result>(result: Promise<Result>): Promise<Result>;
  giveUp(reason: Error): void;
}

/** What ends with its link, or when it is told to. */
interface Endable {
  readonly signal: AbortSignal;
  readonly abort: (reason: Error) => void;
  /** Lets go of the link. */
  readonly end: () => void;
}

function endable({ signal, abort }: ClientLink): Endable {
  // A signal of its own takes longer than all the rest of the counting.
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
    ...endable(link),
    orGivenUp: (result) =>
      new Promise((resolve, rejectIt) => {
        reject = rejectIt;
        result.then(resolve, rejectIt);
      }),
    giveUp: (reason) => reject(reason),
  };
}

/** Aborts a call that runs for too long, and gives it up where it does not end by that. */
function endLate({ abort, giveUp }: RunningCall, maxMs: number): void {
  const tooLong = new PortkeyMcpError(
    "CANCELLED",
    `The call ran for ${maxMs / 1000} s and was stopped (MCP_CALL_TIMEOUT_MS); whether it took effect is not known.`,
  );
  abort(tooLong);
  setTimeout(() => giveUp(tooLong), ABORTED_MS).unref();
}

function stopped(): PortkeyMcpError {
  return new PortkeyMcpError(
    "CANCELLED",
    "This instance stopped before the call ended; whether it took effect is not known.",
  );
}
