/**
 * What Node's HTTP parser refuses: no request, no route, so no Fastify. It is answered, counted, and told in the log a
 * few times at most, since strangers can send as much of it as they like; the connection ends with the answer.
 */
import type { Socket } from "node:net";
import { ownMember } from "../../catalog/json.ts";
import type { Log } from "../../log/log.ts";
import { RPC } from "../../mcp/rpc-error.ts";
import type { Metrics } from "../observability/metrics.ts";
import type { RefusalReason } from "../observability/refusal-reasons.ts";
import { rpcError } from "./json-rpc.ts";

interface ParserRefusal {
  /** As the status line has it. */
  readonly status: string;
  readonly message: string;
  readonly reason: RefusalReason;
}

/** By Node's codes; whatever else the parser finds is a 400. */
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

/** The codes of OpenSSL and of Node's TLS: nothing can be answered where no connection came about. */
const HANDSHAKE = /^(ERR_SSL_|ERR_TLS_|EPROTO$)/;

/** Between two lines of the log, in milliseconds. */
const QUIET_MS = 60_000;

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
  let toldAt = -Infinity;
  let untold = 0;

  function note(reason: RefusalReason, code: string): void {
    metrics.observeRefusal(reason);
    untold += 1;
    if (now() - toldAt < QUIET_MS) return;
    log.write("warn", "requests were refused before they could be read", { refused: untold, last: { reason, code } });
    toldAt = now();
    untold = 0;
  }

  return (error, socket) => {
    const { code = "" } = error;
    const gone = code === "ECONNRESET";
    const failed = HANDSHAKE.test(code);
    const refusal = ownMember(REFUSALS, code) ?? NOT_HTTP;
    if (!gone && !refused.has(socket)) note(failed ? "handshake" : refusal.reason, code);
    refused.add(socket);
    if (gone || failed || !socket.writable) socket.destroy();
    else answer(socket, refusal);
  };
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
