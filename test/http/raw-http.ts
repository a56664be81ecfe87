/** Bytes over a real socket, and the answers that come back; what no HTTP client would send. */
import { connect, type Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";

export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface RawOptions {
  /** Gives up after this long; what has come by then is the answer. */
  readonly timeoutMs?: number;
  /** Answers to wait for before the connection is closed; default: one. */
  readonly answers?: number;
  /** Pieces sent with a pause between them, in milliseconds. */
  readonly pauseMs?: number;
}

/** Sends the pieces one after the other and resolves with the answers that came, in order. */
export function sendRaw(
  port: number,
  pieces: readonly (string | Buffer)[],
  options: RawOptions = {},
): Promise<RawAnswer[]> {
  const { timeoutMs = 5_000, answers = 1, pauseMs = 0 } = options;
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1");
    let received = Buffer.alloc(0);
    const done = () => {
      clearTimeout(timer);
      socket.destroy();
      resolve(answersIn(received));
    };
    const timer = setTimeout(done, timeoutMs);
    socket.on("data", (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      if (answersIn(received).length >= answers) done();
    });
    socket.on("end", done);
    socket.on("error", (error: NodeJS.ErrnoException) => {
      if (received.length > 0 || error.code === "ECONNRESET" || error.code === "EPIPE") done();
      else reject(error);
    });
    socket.on("connect", () => void write(socket, pieces, pauseMs));
  });
}

async function write(socket: Socket, pieces: readonly (string | Buffer)[], pauseMs: number): Promise<void> {
  for (const piece of pieces) {
    if (socket.destroyed) return;
    socket.write(piece);
    if (pauseMs > 0) await delay(pauseMs);
  }
}

/** The whole answers in what came: by Content-Length, by chunks, or up to the end. */
function answersIn(bytes: Buffer): RawAnswer[] {
  const found: RawAnswer[] = [];
  let rest = bytes;
  for (;;) {
    const end = rest.indexOf("\r\n\r\n");
    if (end < 0) return found;
    const [first = "", ...lines] = rest.subarray(0, end).toString("latin1").split("\r\n");
    const headers = Object.fromEntries(
      lines.map((line) => [line.slice(0, line.indexOf(":")).toLowerCase(), line.slice(line.indexOf(":") + 1).trim()]),
    );
    const status = Number(first.split(" ")[1]);
    const after = rest.subarray(end + 4);
    const read =
      headers["transfer-encoding"] === "chunked"
        ? chunked(after)
        : sized(after, Number(headers["content-length"] ?? 0));
    if (read === undefined) return found;
    found.push({ status, headers, body: read.body });
    rest = after.subarray(read.length);
  }
}

function sized(bytes: Buffer, length: number): { body: string; length: number } | undefined {
  return bytes.length < length ? undefined : { body: bytes.subarray(0, length).toString("utf8"), length };
}

function chunked(bytes: Buffer): { body: string; length: number } | undefined {
  let body = "";
  let at = 0;
  for (;;) {
    const line = bytes.indexOf("\r\n", at);
    if (line < 0) return undefined;
    const size = Number.parseInt(bytes.subarray(at, line).toString("latin1"), 16);
    const end = line + 2 + size;
    if (bytes.length < end + 2) return undefined;
    body += bytes.subarray(line + 2, end).toString("utf8");
    at = end + 2;
    if (size === 0) return { body, length: at };
  }
}

/** One request as text; `Content-Length` is set where there is a body and no other framing. */
export function requestText(
  method: string,
  path: string,
  headers: readonly (readonly [string, string])[] = [],
  body = "",
): string {
  const given = new Set(headers.map(([name]) => name.toLowerCase()));
  const all = [
    ...(given.has("host") ? [] : [["Host", "localhost"] as const]),
    ...headers,
    ...(body === "" || given.has("content-length") || given.has("transfer-encoding")
      ? []
      : [["Content-Length", String(Buffer.byteLength(body))] as const]),
  ];
  return `${method} ${path} HTTP/1.1\r\n${all.map(([name, value]) => `${name}: ${value}\r\n`).join("")}\r\n${body}`;
}
