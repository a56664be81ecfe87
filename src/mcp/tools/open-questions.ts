/**
 * Questions that wait for a person: each ends after a time, and nobody may have many open, so that questions without an
 * answer cannot use up what others need.
 */
import { PortkeyMcpError } from "../../errors/errors.ts";
import type { Caller, ClientLink, ElicitOutcome } from "../registry.ts";

export interface QuestionLimits {
  /** How long a person may take; milliseconds. */
  readonly timeoutMs: number;
  /** Questions open at once for one session, or one principal where there are no sessions. */
  readonly most: number;
}

export interface OpenQuestions {
  /**
   * What `ask` resolves with. Throws DECLINED where too many are open, nobody answers in time, or the client cannot get
   * an answer; rejects with the signal's reason where the call ends first.
   */
  wait(tool: string, caller: Caller, link: Asking, ask: Ask): Promise<ElicitOutcome>;
}

type Asking = Pick<ClientLink, "signal" | "asksInRounds">;

/** Asks; `ended` aborts once nobody waits for the answer any more. */
export type Ask = (ended: AbortSignal) => Promise<ElicitOutcome>;

export function createOpenQuestions({ timeoutMs, most }: QuestionLimits): OpenQuestions {
  const counts = new Map<string, number>();
  return {
    async wait(tool, caller, { signal, asksInRounds }, ask) {
      signal.throwIfAborted();
      // Nobody waits: the answer has come with the call, or the call ends here.
      if (asksInRounds) return awaitOutcome(tool, timeoutMs, signal, ask);
      const who = JSON.stringify([caller.binding ?? caller.principal, caller.about?.session]);
      const open = counts.get(who) ?? 0;
      if (open >= most)
        throw declined(
          tool,
          `${open} questions of yours wait for an answer. Have them answered, or wait for their end`,
        );
      counts.set(who, open + 1);
      try {
        return await awaitOutcome(tool, timeoutMs, signal, ask);
      } finally {
        const left = (counts.get(who) ?? 1) - 1;
        if (left === 0) counts.delete(who);
        else counts.set(who, left);
      }
    },
  };
}

/** The answer, the question's end or the call's end, whichever comes first. */
async function awaitOutcome(tool: string, timeoutMs: number, signal: AbortSignal, ask: Ask): Promise<ElicitOutcome> {
  const { promise: givenUp, reject } = rejectable();
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

/** A promise that only ever rejects; nobody needs to wait for it. */
function rejectable(): { promise: Promise<never>; reject: (reason: Error) => void } {
  let reject: (reason: Error) => void = () => undefined;
  const promise = new Promise<never>((_resolve, rejectIt) => {
    reject = rejectIt;
  });
  promise.catch(() => undefined);
  return { promise, reject };
}
