/**
 * The calls that run now: counted for each owner, refused beyond the limit, ended where they outlast theirs, and waited
 * for when the server drains. It wraps the registry, so that every transport and both eras are counted alike, from the
 * call's start to its end.
 */
import { PortkeyMcpError } from "../../errors/errors.ts";
import type { Registry } from "../../mcp/registry.ts";
import { CallSlots } from "./call-slots.ts";

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
  let wake: () => void = () => undefined;

  const counted: Registry = {
    ...registry,
    async callTool(name, args, caller, link) {
      const slot = slots.take(caller);
      const controller = new AbortController();
      const { promise: givenUp, reject: giveUp } = deferred();
      const call = { controller, giveUp };
      calls.add(call);
      const forward = () => controller.abort(link.signal.reason);
      if (link.signal.aborted) forward();
      else link.signal.addEventListener("abort", forward);
      const timer = maxMs === undefined ? undefined : endAfter(call, maxMs);
      try {
        return await Promise.race([
          registry.callTool(name, args, caller, { ...slot.link(link), signal: controller.signal }),
          givenUp,
        ]);
      } finally {
        timer?.stop();
        link.signal.removeEventListener("abort", forward);
        calls.delete(call);
        slot.free();
        if (calls.size === 0) wake();
      }
    },
  };

  return {
    registry: counted,
    running: () => calls.size,
    abort() {
      for (const { controller } of calls) controller.abort(stopped());
    },
    giveUp() {
      for (const { giveUp } of calls) giveUp(stopped());
    },
    waitUntilIdle(timeoutMs) {
      if (calls.size === 0) return Promise.resolve(0);
      return new Promise((resolve) => {
        const timer = setTimeout(() => resolve(calls.size), timeoutMs);
        wake = () => {
          clearTimeout(timer);
          // The call's answer is written in the turns of the event loop that follow its end.
          setImmediate(() => setImmediate(() => resolve(calls.size)));
        };
      });
    },
  };
}

interface RunningCall {
  readonly controller: AbortController;
  readonly giveUp: (reason: Error) => void;
}

/** Aborts a call that runs for too long, and gives it up where it does not end by that. */
function endAfter({ controller, giveUp }: RunningCall, maxMs: number): { stop: () => void } {
  let timer = setTimeout(() => {
    const tooLong = new PortkeyMcpError(
      "CANCELLED",
      `The call ran for ${maxMs / 1000} s and was stopped (MCP_CALL_TIMEOUT_MS); whether it took effect is not known.`,
    );
    controller.abort(tooLong);
    timer = setTimeout(() => giveUp(tooLong), ABORTED_MS);
  }, maxMs);
  return { stop: () => clearTimeout(timer) };
}

function stopped(): PortkeyMcpError {
  return new PortkeyMcpError(
    "CANCELLED",
    "This instance stopped before the call ended; whether it took effect is not known.",
  );
}

/**
 * A promise that only ever rejects; of each call its own, since a shared one would keep every call it was raced with.
 */
function deferred(): { promise: Promise<never>; reject: (reason: Error) => void } {
  let reject: (reason: Error) => void = () => undefined;
  const promise = new Promise<never>((_resolve, rejectIt) => {
    reject = rejectIt;
  });
  promise.catch(() => undefined);
  return { promise, reject };
}
