/** A composite's context that answers from a table, for answers that the sandbox does not give. */
import type { CompositeContext } from "../../src/composites/composite.ts";
import type { Answer } from "../../src/portkey/port.ts";
import { findList } from "../../src/portkey/response/lists.ts";

type Json = Readonly<Record<string, unknown>>;

export interface FakeCall {
  readonly tool: string;
  readonly args: Json;
  readonly headers?: Json | undefined;
}

/** A tool's answers: the same each time, or made from the arguments. Throwing fails the call. */
export type Answers = Readonly<Record<string, unknown | ((args: Json) => unknown)>>;

/** A context for one call, with what it was asked, reported and waited for. */
export function fakeContext(answers: Answers, more: Partial<CompositeContext> = {}) {
  const calls: FakeCall[] = [];
  const reports: string[] = [];
  const waits: number[] = [];
  const answer = (tool: string, args: Json): Answer => {
    if (!Object.hasOwn(answers, tool)) throw new Error(`The test has no answer of ${tool}.`);
    const body: unknown = answers[tool];
    return {
      status: 200,
      body: typeof body === "function" ? (body as (args: Json) => unknown)(args) : body,
      warnings: [],
    };
  };
  const context: CompositeContext = {
    call: async (tool, args, options) => {
      calls.push({ tool, args, headers: options?.headers });
      return answer(tool, args);
    },
    plan: async (tool, args, options) => ({
      method: "POST",
      url: `https://x/${tool}`,
      headers: { ...options?.headers },
      body: args,
      warnings: [],
    }),
    callAll: async (tool, args) => {
      calls.push({ tool, args });
      return [...(findList(answer(tool, args).body)?.items ?? [])];
    },
    dryRun: false,
    sleep: async (milliseconds) => void waits.push(milliseconds),
    signal: new AbortController().signal,
    progress: (_done, _total, message = "") => void reports.push(message),
    settings: {},
    ...more,
  };
  return { context, calls, reports, waits };
}
