/**
 * Records what a call of several requests has done. A failure before the first write is an error like any other.
 * A failure after it becomes a partial result: what was done, what failed and how to continue.
 */
import type { Json } from "../../catalog/json.ts";
import { PortkeyMcpError } from "../../errors/errors.ts";
import type { Answer, PlannedRequest } from "../../portkey/port.ts";
import type { CompositeContext, CompositeResult } from "../composite.ts";
import { askAgain, type ReadUntil } from "./ask-again.ts";

/** A call that finishes or repairs the work. */
export interface NextCall {
  readonly tool: string;
  readonly arguments: Json;
}

export interface DoneStep extends Json {
  readonly tool: string;
}

export class Journal {
  readonly done: DoneStep[] = [];
  /** In a dry run: what would have been sent, in order. */
  readonly planned: PlannedRequest[] = [];
  #at = "";
  readonly #context: CompositeContext;

  constructor(context: CompositeContext) {
    this.#context = context;
  }

  read(tool: string, args: Json): Promise<Answer> {
    this.#at = tool;
    return this.#context.call(tool, args);
  }

  /** Reads again for a few seconds, until `find` finds in an answer what was written; undefined where it never does. */
  readonly readUntil: ReadUntil = (tool, args, find) =>
    askAgain(this.#context, async () => find(await this.read(tool, args)));

  readAll(tool: string, args: Json): Promise<unknown[]> {
    this.#at = tool;
    return this.#context.callAll(tool, args);
  }

  /** Sends a writing request and records it with facts from its answer. In a dry run, only plans it. */
  async write(tool: string, args: Json, factsOf: (answer: Answer) => Json = () => ({})): Promise<Answer | undefined> {
    this.#at = tool;
    if (this.#context.dryRun) {
      this.planned.push(await this.#context.plan(tool, args));
      return undefined;
    }
    const answer = await this.#context.call(tool, args);
    this.done.push({ tool, ...factsOf(answer) });
    return answer;
  }

  /** The result for a failure. Rethrows it where nothing was done, or where it is no error of a call. */
  partialResult(error: unknown, next: NextCall | string): CompositeResult {
    const failure =
      this.#context.signal.aborted && !(error instanceof PortkeyMcpError)
        ? new PortkeyMcpError("CANCELLED", "The call was cancelled.")
        : error;
    if (this.done.length === 0 || !(failure instanceof PortkeyMcpError)) throw error;
    const { status, errorCode, requestId } = failure.details as {
      status?: unknown;
      errorCode?: unknown;
      requestId?: unknown;
    };
    const facts = Object.entries({ status, errorCode, requestId }).filter(([, value]) => value !== undefined);
    return {
      action: "partial",
      done: this.done,
      failed: { tool: this.#at, code: failure.code, message: failure.message, ...Object.fromEntries(facts) },
      next,
    };
  }
}

/** For tools that compare before they write: calling them again repeats nothing. */
export const callAgainHint = (tool: string): string =>
  `Call ${tool} again with the same arguments: what is done is found and not repeated.`;

/** Runs the steps of `work`. Where one fails after a write, the result is partial, and `next` says how to continue. */
export async function withJournal(
  context: CompositeContext,
  next: NextCall | string,
  work: (journal: Journal) => Promise<CompositeResult>,
): Promise<CompositeResult> {
  const journal = new Journal(context);
  try {
    return await work(journal);
  } catch (error) {
    return journal.partialResult(error, next);
  }
}
