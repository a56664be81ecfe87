/**
 * Limits questions that wait for a person: each has a timeout, and a session may have only some open at once, so that
 * unanswered questions cannot use up memory and connections.
 */
import { PortkeyMcpError } from "../../errors/errors.ts";
import type { Caller, ClientLink, ElicitOutcome } from "../registry.ts";

export interface QuestionLimits {
  /** How long a person may take; milliseconds. */
  readonly timeoutMs: number;
  /** How many questions may be open at once, for a session, or for a principal where there are no sessions. */
  readonly maxOpen: number;
}

export interface OpenQuestions {
  /**
   * Resolves with the result of `ask`. Throws DECLINED where too many questions are open, nobody answers in time, or
   * the client cannot get an answer; rejects with the signal's reason where the call is aborted first.
   */
  wait(tool: string, caller: Caller, link: Asking, ask: Ask): Promise<ElicitOutcome>;
}

type Asking = Pick<ClientLink, "signal" | "asksInRounds">;

/** Asks; `ended` aborts when the answer is not needed any more. */
export type Ask = (ended: AbortSignal) => Promise<ElicitOutcome>;

export function createOpenQuestions({ timeoutMs, maxOpen }: QuestionLimits): OpenQuestions {
  const counts = new Map<string, number>();
  return {
    async wait(tool, caller, { signal, asksInRounds }, ask) {
      signal.throwIfAborted();
      // No question stays open: the answer has come with the call, or the call ends here.
      if (asksInRounds) return awaitOutcome(tool, timeoutMs, signal, ask);
      const asker = JSON.stringify([caller.binding ?? caller.principal, caller.about?.session]);
      const open = counts.get(asker) ?? 0;
      if (open >= maxOpen)
        throw declined(
          tool,
          `${open} questions of yours wait for an answer. Have them answered, or wait for their end`,
        );
      counts.set(asker, open + 1);
      try {
        return await awaitOutcome(tool, timeoutMs, signal, ask);
      } finally {
        const left = (counts.get(asker) ?? 1) - 1;
        if (left === 0) counts.delete(asker);
        else counts.set(asker, left);
      }
    },
  };
}

/** The answer; or throws at the timeout, or where the call is aborted. */
async function awaitOutcome(tool: string, timeoutMs: number, signal: AbortSignal, ask: Ask): Promise<ElicitOutcome> {
  const { promise: givenUp, reject } = createRejectable();
  const ended = new AbortController();
  const stop = () => reject(signal.reason as Error);
  signal.addEventListener("abort", stop, { once: true });
  const seconds = Math.round(timeoutMs / 1000);
  const timer = setTimeout(
    () => reject(declined(tool, `nobody answered within ${seconds} s (MCP_ELICIT_TIMEOUT_MS)`)),
    timeoutMs,
  );
  try {
    return await Promise.race([ask(ended.signal), givenUp]);
  } catch (error) {
    if (signal.aborted || error instanceof PortkeyMcpError) throw error;
    throw declined(tool, "the client did not get an answer from a person", error);
  } finally {
    clearTimeout(timer);
    ended.abort();
    signal.removeEventListener("abort", stop);
  }
}

function declined(tool: string, reason: string, cause?: unknown): PortkeyMcpError {
  return new PortkeyMcpError("DECLINED", `${tool} was not run: ${reason}. Nothing was sent.`, {}, { cause });
}

/** A promise that can only be rejected. Its rejection counts as handled. */
function createRejectable(): { promise: Promise<never>; reject: (reason: Error) => void } {
  let reject: (reason: Error) => void = () => undefined;
  const promise = new Promise<never>((_resolve, rejectIt) => {
    reject = rejectIt;
  });
  promise.catch(() => undefined);
  return { promise, reject };
}
