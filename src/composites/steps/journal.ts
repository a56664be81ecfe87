/**
 * Records the writes of a call with several requests. A failure before the first write is an ordinary error.
 * A later failure becomes a partial result: what was done, what failed and how to continue.
 */
import type { Json } from "../../catalog/json.ts";
import { PortkeyMcpError } from "../../errors/errors.ts";
import type { Answer, PlannedRequest } from "../../portkey/port.ts";
import type { CompositeContext, CompositeResult } from "../composite.ts";
import { readRepeatedly, type ReadUntil } from "./read-repeatedly.ts";

/** A call that completes or repairs the work. */
export interface NextCall {
  readonly tool: string;
  readonly arguments: Json;
}

export interface DoneStep extends Json {
  readonly tool: string;
}

export class Journal {
  readonly done: DoneStep[] = [];
  /** In a dry run: the requests that would be sent, in order. */
  readonly planned: PlannedRequest[] = [];
  #lastTool = "";
  readonly #context: CompositeContext;

  constructor(context: CompositeContext) {
    this.#context = context;
  }

  read(tool: string, args: Json): Promise<Answer> {
    this.#lastTool = tool;
    return this.#context.call(tool, args);
  }

  /** As `ReadUntil`, through `read`. */
  readonly readUntil: ReadUntil = (tool, args, find) =>
    readRepeatedly(this.#context, async () => find(await this.read(tool, args)));

  readAll(tool: string, args: Json): Promise<unknown[]> {
    this.#lastTool = tool;
    return this.#context.callAll(tool, args);
  }

  /** Sends a write and records it with facts from its answer. In a dry run, only plans it and returns undefined. */
  async write(tool: string, args: Json, factsOf: (answer: Answer) => Json = () => ({})): Promise<Answer | undefined> {
    this.#lastTool = tool;
    if (this.#context.dryRun) {
      this.planned.push(await this.#context.plan(tool, args));
      return undefined;
    }
    const answer = await this.#context.call(tool, args);
    this.done.push({ tool, ...factsOf(answer) });
    return answer;
  }

  /** The partial result for a failure. Rethrows it where nothing was written, or where it is no error of a call. */
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
      failed: { tool: this.#lastTool, code: failure.code, message: failure.message, ...Object.fromEntries(facts) },
      next,
    };
  }
}

/** The hint for tools that compare before they write, so that calling them again repeats nothing. */
export const callAgainHint = (tool: string): string =>
  `Call ${tool} again with the same arguments: what is done is found and not repeated.`;

/** Runs `work` with a journal. After a failure behind a write, the result is partial; `next` says how to continue. */
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
