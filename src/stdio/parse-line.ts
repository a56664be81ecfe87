/** Parses a line as a JSON-RPC message, or makes the error to answer it with: every request gets an answer. */
import { isId, readMessage, type Id, type Message } from "../mcp/message.ts";
import { RPC } from "../mcp/rpc-error.ts";
import type { Line } from "./line-reader.ts";

export interface ErrorAnswer {
  readonly jsonrpc: "2.0";
  readonly id: Id | null;
  readonly error: { readonly code: number; readonly message: string };
}

/** A message to deliver, an error to answer with, or nothing (an empty line). */
export type Parsed = { readonly message: Message } | { readonly answer: ErrorAnswer } | undefined;

export function parseLine(line: Line): Parsed {
  if (line.kind === "too-long") {
    return refuse(
      idAtEdges(line.head, line.tail),
      RPC.invalidRequest,
      `The message has ${line.length} bytes, which is more than this server reads. Send less at once.`,
    );
  }
  let value: unknown;
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(line.bytes);
    if (text.trim() === "") return undefined;
    value = JSON.parse(text);
  } catch {
    return refuse(null, RPC.parse, "The line is not JSON in UTF-8. Send one JSON-RPC message per line.");
  }
  const received = readMessage(value);
  return received.kind === "fault" ? refuse(received.id, received.code, received.text) : { message: received.message };
}

/** An error answer. An invalid notification gets one too, with a null id, so that its sender can notice. */
function refuse(id: Id | null, code: number, message: string): Parsed {
  return { answer: { jsonrpc: "2.0", id, error: { code, message } } };
}

/**
 * The id of a request that is too long to parse. It must be before the method or after the parameters, where usual
 * serialisers write it. Quotes inside strings are escaped, so that neither pattern can match inside one.
 */
function idAtEdges(head: Buffer, tail: Buffer): Id | null {
  const value = String.raw`("(?:[^"\\]|\\.)*"|-?\d+)`;
  const first = new RegExp(String.raw`^\s*\{\s*(?:"jsonrpc"\s*:\s*"2\.0"\s*,\s*)?"id"\s*:\s*${value}\s*,`).exec(
    head.toString("latin1"),
  );
  const last = new RegExp(
    String.raw`[}\]"\w]\s*,\s*(?:"jsonrpc"\s*:\s*"2\.0"\s*,\s*)?"id"\s*:\s*${value}\s*(?:,\s*"jsonrpc"\s*:\s*"2\.0"\s*)?\}\s*$`,
  ).exec(tail.toString("latin1"));
  const found = first?.[1] ?? last?.[1];
  if (found === undefined) return null;
  const id: unknown = JSON.parse(Buffer.from(found, "latin1").toString("utf8"));
  return isId(id) ? id : null;
}
