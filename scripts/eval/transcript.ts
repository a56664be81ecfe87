/**
 * Reads a run's transcript: the calls with their arguments, the number of failures, and the tokens of all answers.
 */
import { countTokens } from "gpt-tokenizer/encoding/o200k_base";

export interface TranscriptCall {
  readonly tool: string;
  readonly args: unknown;
  readonly text: string;
  readonly failed: boolean;
}

export interface Transcript {
  readonly calls: readonly TranscriptCall[];
  /** Tokens of the listed tools, read once, and of every call and its answer. */
  readonly tokens: number;
}

interface Message {
  readonly id?: unknown;
  readonly method?: string;
  readonly params?: { readonly name?: string; readonly arguments?: unknown };
  readonly result?: {
    readonly tools?: unknown;
    readonly content?: readonly { readonly text?: string }[];
    readonly isError?: boolean;
  };
  readonly error?: { readonly message?: string };
}

/** Reads the lines that `record-server.mjs` wrote; lines that are no messages are skipped. */
export function readTranscript(text: string): Transcript {
  const asked = new Map<string, { readonly tool: string; readonly args: unknown }>();
  const calls: TranscriptCall[] = [];
  let listed = 0;
  for (const { from, message } of messagesIn(text)) {
    if (from === "client" && message.method === "tools/call") {
      asked.set(JSON.stringify(message.id), {
        tool: message.params?.name ?? "",
        args: message.params?.arguments ?? {},
      });
    }
    if (from !== "server") continue;
    if (message.result?.tools !== undefined) listed = Math.max(listed, tokensOf(message.result.tools));
    const call = asked.get(JSON.stringify(message.id));
    if (call !== undefined) calls.push({ ...call, ...answerIn(message) });
  }
  const spent = calls.reduce((sum, call) => sum + tokensOf(call.args) + countTokens(call.text), 0);
  return { calls, tokens: listed + spent };
}

function* messagesIn(text: string): Generator<{ readonly from: string; readonly message: Message }> {
  for (const row of text.split("\n")) {
    if (row === "") continue;
    const { from, line } = JSON.parse(row) as { from: string; line: string };
    try {
      yield { from, message: JSON.parse(line) as Message };
    } catch {
      // A server may write other lines than messages, which are not counted.
    }
  }
}

function answerIn({ result, error }: Message): Pick<TranscriptCall, "text" | "failed"> {
  if (result === undefined) return { text: error?.message ?? "", failed: true };
  const text = (result.content ?? []).map((block) => block.text ?? "").join("\n");
  return { text, failed: result.isError === true };
}

function tokensOf(value: unknown): number {
  return countTokens(JSON.stringify(value));
}
