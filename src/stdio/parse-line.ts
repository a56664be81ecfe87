/**
 * A line to a JSON-RPC message, or to the error that answers it. Nothing with an id goes unanswered: both SDKs drop
 * what they cannot read, and a client would wait for ever.
 */
import type { Line } from "./line-reader.ts";

export type Id = string | number;

/** A JSON-RPC message with the members that MCP knows; params, if any, are an object. */
export interface Message {
  readonly jsonrpc: "2.0";
  readonly id?: Id;
  readonly method?: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly result?: unknown;
  readonly error?: unknown;
}

export interface ErrorAnswer {
  readonly jsonrpc: "2.0";
  readonly id: Id | null;
  readonly error: { readonly code: number; readonly message: string };
}

/** A message to deliver, an error to answer with, or nothing (an empty line). */
export type Parsed = { readonly message: Message } | { readonly answer: ErrorAnswer } | undefined;

const PARSE_ERROR = -32700;
const INVALID_REQUEST = -32600;
const INVALID_PARAMS = -32602;

export function parseLine(line: Line): Parsed {
  if (line.kind === "too-long") {
    return refuse(idAtEdges(line.head, line.tail), INVALID_REQUEST, `The message has ${line.length} bytes, which is more than this server reads. Send less at once.`);
  }
  let value: unknown;
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(line.bytes);
    if (text.trim() === "") return undefined;
    value = JSON.parse(text);
  } catch {
    return refuse(null, PARSE_ERROR, "The line is not JSON in UTF-8. Send one JSON-RPC message per line.");
  }
  return checked(value);
}

function checked(value: unknown): Parsed {
  if (Array.isArray(value)) return refuse(null, INVALID_REQUEST, "Batches are not supported. Send one JSON-RPC message per line.");
  if (!isObject(value)) return refuse(null, INVALID_REQUEST, "The line is JSON, but not a JSON-RPC message.");
  const { id, method, params } = value;
  const known = isId(id) ? id : null;
  if (value["jsonrpc"] !== "2.0") return refuse(known, INVALID_REQUEST, 'The message lacks "jsonrpc": "2.0".');
  if (id !== undefined && known === null) return refuse(null, INVALID_REQUEST, "id: must be a string or a whole number.");

  if (method === undefined) {
    if (known === null || ("result" in value) === ("error" in value)) return refuse(known, INVALID_REQUEST, "The message has neither a method nor a result or error.");
    return { message: { jsonrpc: "2.0", id: known, ..."result" in value ? { result: value["result"] } : { error: value["error"] } } };
  }
  if (typeof method !== "string") return refuse(known, INVALID_REQUEST, "method: must be a string.");
  if (params !== undefined && params !== null && !isObject(params)) return refuse(known, INVALID_PARAMS, "params: must be an object.");
  const wrong = isObject(params) ? metaProblem(params["_meta"]) : undefined;
  if (wrong !== undefined) return refuse(known, INVALID_PARAMS, wrong);
  return { message: { jsonrpc: "2.0", ...(known !== null && { id: known }), method, ...(isObject(params) && { params }) } };
}

function metaProblem(meta: unknown): string | undefined {
  if (meta === undefined) return undefined;
  if (!isObject(meta)) return "params._meta: must be an object.";
  const token = meta["progressToken"];
  return token === undefined || isId(token) ? undefined : "params._meta.progressToken: must be a string or a whole number.";
}

/** The answer to a request; a notification with a fault gets the same with a null id, so that its sender can notice. */
function refuse(id: Id | null, code: number, message: string): Parsed {
  return { answer: { jsonrpc: "2.0", id, error: { code, message } } };
}

/**
 * The id of a request too long to parse, where it stands before the method or behind the parameters, as every JSON
 * serialiser in use puts it. Quotes inside strings are escaped, so neither pattern can match inside one.
 */
function idAtEdges(head: Buffer, tail: Buffer): Id | null {
  const value = String.raw`("(?:[^"\\]|\\.)*"|-?\d+)`;
  const first = new RegExp(String.raw`^\s*\{\s*(?:"jsonrpc"\s*:\s*"2\.0"\s*,\s*)?"id"\s*:\s*${value}\s*,`).exec(head.toString("latin1"));
  const last = new RegExp(String.raw`[}\]"\w]\s*,\s*(?:"jsonrpc"\s*:\s*"2\.0"\s*,\s*)?"id"\s*:\s*${value}\s*(?:,\s*"jsonrpc"\s*:\s*"2\.0"\s*)?\}\s*$`).exec(tail.toString("latin1"));
  const found = first?.[1] ?? last?.[1];
  if (found === undefined) return null;
  const id: unknown = JSON.parse(Buffer.from(found, "latin1").toString("utf8"));
  return isId(id) ? id : null;
}

function isId(value: unknown): value is Id {
  return typeof value === "string" || Number.isSafeInteger(value);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
