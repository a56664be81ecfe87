/**
 * Handles what Node's HTTP parser refuses, before there is a request for Fastify: answers it, counts it and closes the
 * connection. It is logged once a minute at most, since anybody can cause it.
 */
import type { Socket } from "node:net";
import { ownMember } from "../../catalog/json.ts";
import type { Log } from "../../log/log.ts";
import { RPC } from "../../mcp/rpc-error.ts";
import type { Metrics } from "../observability/metrics.ts";
import type { RefusalReason } from "../observability/refusal-reasons.ts";
import { rpcError } from "./json-rpc.ts";

interface ParserRefusal {
  /** Code and reason phrase of the status line. */
  readonly status: string;
  readonly message: string;
  readonly reason: RefusalReason;
}

/** By Node's error codes; all others are answered with 400. */
const REFUSALS: Readonly<Record<string, ParserRefusal>> = {
  HPE_HEADER_OVERFLOW: {
    status: "431 Request Header Fields Too Large",
    message: "The request's headers are too large.",
    reason: "headers_too_large",
  },
  HPE_CHUNK_EXTENSIONS_OVERFLOW: {
    status: "413 Payload Too Large",
    message: "The request's chunk extensions are too large.",
    reason: "too_large",
  },
  ERR_HTTP_REQUEST_TIMEOUT: {
    status: "408 Request Timeout",
    message: "The request took too long to arrive.",
    reason: "too_slow",
  },
};

const NOT_HTTP: ParserRefusal = {
  status: "400 Bad Request",
  message: "The request is not valid HTTP.",
  reason: "not_http",
};

/** Error codes of OpenSSL and of Node's TLS: the handshake failed, so that no answer can be sent. */
const HANDSHAKE = /^(ERR_SSL_|ERR_TLS_|EPROTO$)/;

/** Milliseconds between two lines in the log. */
const LOG_INTERVAL_MS = 60_000;

export interface ParserErrorParts {
  readonly log: Pick<Log, "write">;
  readonly metrics: Pick<Metrics, "observeRefusal">;
  readonly now?: () => number;
}

export type ParserErrorHandler = (error: Error & { code?: string }, socket: Socket) => void;

/** Fastify's `clientErrorHandler`. */
export function createParserErrorHandler({ log, metrics, now = Date.now }: ParserErrorParts): ParserErrorHandler {
  // The parser may refuse a connection again while it is being closed.
  const refused = new WeakSet<Socket>();
  let loggedAt = -Infinity;
  let unlogged = 0;

  function note(reason: RefusalReason, code: string): void {
    metrics.observeRefusal(reason);
    unlogged += 1;
    if (now() - loggedAt < LOG_INTERVAL_MS) return;
    log.write("warn", "requests were refused before they could be read", { refused: unlogged, last: { reason, code } });
    loggedAt = now();
    unlogged = 0;
  }

  return (error, socket) => {
    const { code = "" } = error;
    if (isUnused(code, socket)) {
      socket.end();
      return;
    }
    const isReset = code === "ECONNRESET";
    const isHandshake = HANDSHAKE.test(code);
    const refusal = ownMember(REFUSALS, code) ?? NOT_HTTP;
    if (!isReset && !refused.has(socket)) note(isHandshake ? "handshake" : refusal.reason, code);
    refused.add(socket);
    if (isReset || isHandshake || !socket.writable) socket.destroy();
    else answer(socket, refusal);
  };
}

/**
 * Whether a connection timed out on which nothing has come, as clients open them ahead. Nothing is refused then; an
 * answer would be taken for the one to the request that the client sends at that moment.
 */
function isUnused(code: string, socket: Socket): boolean {
  return code === "ERR_HTTP_REQUEST_TIMEOUT" && socket.bytesRead === 0;
}

function answer(socket: Socket, { status, message }: ParserRefusal): void {
  const body = JSON.stringify(rpcError(RPC.invalidRequest, message));
  const head = [
    `HTTP/1.1 ${status}`,
    "Content-Type: application/json; charset=utf-8",
    `Content-Length: ${Buffer.byteLength(body)}`,
    "Connection: close",
  ];
  socket.end(`${head.join("\r\n")}\r\n\r\n${body}`);
}
