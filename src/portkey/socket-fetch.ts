/**
 * Sends requests as fetch would, over node:http and node:https: at a third of fetch's processor time, and through a pool
 * of bounded size. It keeps to what Portkey's API needs: no redirects, no cookies, no cache.
 */
import type { Agent, ClientRequest, IncomingMessage, RequestOptions } from "node:http";
import { pipeline, Readable } from "node:stream";

/** As much of a fetch's Response as this project reads. */
export type HttpAnswer = Pick<Response, "status" | "ok" | "headers" | "body" | "text">;

/** Resolves when the headers have come; rejects with an error whose `code` network.ts knows. */
export type SendRequest = (request: Request) => Promise<HttpAnswer>;

interface Door {
  readonly agent: Agent;
  readonly open: (url: string, options: RequestOptions, onAnswer: (answer: IncomingMessage) => void) => ClientRequest;
}

/** Connections to one host, and how long an idle one is kept where the host does not say. */
const POOL = { keepAlive: true, maxSockets: 256, timeout: 4_000 };
const CONNECT_TIMEOUT_MS = 10_000;
const ENCODINGS = "gzip, deflate, br";

/** A pool of its own; connections are opened when they are needed. */
export function createSocketFetch(): SendRequest {
  const doors = new Map<string, Door>();
  return async (request) => {
    const protocol = request.url.slice(0, request.url.indexOf(":"));
    const door = doors.get(protocol) ?? openDoor(protocol);
    doors.set(protocol, door);
    const body = request.body === null ? undefined : Buffer.from(await request.arrayBuffer());
    return new SocketAnswer(await exchange(door, request, body));
  };
}

/** Loaded when first needed: a start has no use for either module. */
function openDoor(protocol: string): Door {
  const { Agent, request } = protocol === "https" ? process.getBuiltinModule("node:https") : process.getBuiltinModule("node:http");
  return { agent: new Agent(POOL), open: request };
}

function exchange({ agent, open }: Door, { url, method, headers, signal }: Request, body: Buffer | undefined): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason as Error);
    const length = body !== undefined && { "content-length": String(body.length) };
    const out = open(url, { agent, method, headers: { "accept-encoding": ENCODINGS, ...Object.fromEntries(headers), ...length } }, resolve);
    const abort = (): void => void out.destroy();
    signal.addEventListener("abort", abort);
    // With an answer this comes after its last byte, so that cancelling reaches the body too.
    out.once("close", () => signal.removeEventListener("abort", abort));
    out.once("error", reject);
    out.once("socket", (socket) => {
      if (!socket.connecting) return;
      const timer = setTimeout(() => out.destroy(failure("CONNECT_TIMEOUT")), CONNECT_TIMEOUT_MS);
      for (const event of ["connect", "close"]) socket.once(event, () => clearTimeout(timer));
    });
    out.end(body);
  });
}

class SocketAnswer implements HttpAnswer {
  readonly status: number;
  readonly ok: boolean;
  readonly headers: Headers;
  readonly #stream: Readable;
  #web: ReadableStream<Uint8Array> | undefined;

  constructor(answer: IncomingMessage) {
    this.status = answer.statusCode as number;
    this.ok = this.status >= 200 && this.status <= 299;
    this.headers = new Headers(Object.entries(answer.headersDistinct).flatMap(([name, values = []]) => values.map((value): [string, string] => [name, value])));
    this.#stream = decoded(answer);
  }

  get body(): ReadableStream<Uint8Array> {
    return (this.#web ??= Readable.toWeb(this.#stream) as ReadableStream<Uint8Array>);
  }

  text(): Promise<string> {
    // Taken as a web stream already, the body can only be read as one.
    if (this.#web !== undefined) return new Response(this.#web).text();
    const stream = this.#stream;
    return new Promise((resolve, reject) => {
      let text = "";
      stream.setEncoding("utf8");
      stream.on("data", (part: string) => (text += part));
      stream.once("end", () => resolve(text));
      const broken = (): void => reject(stream.errored?.message === "aborted" ? failure("INCOMPLETE_ANSWER") : (stream.errored ?? failure("INCOMPLETE_ANSWER")));
      stream.once("error", broken);
      // After its end this changes nothing.
      stream.once("close", broken);
      if (stream.destroyed) broken();
    });
  }
}

/** The body as it was before Portkey, or something in front of it, compressed it. */
function decoded(answer: IncomingMessage): Readable {
  const encoding = answer.headers["content-encoding"];
  if (encoding === undefined) return answer;
  const { createBrotliDecompress, createGunzip, createInflate } = process.getBuiltinModule("node:zlib");
  const decoder = { gzip: createGunzip, "x-gzip": createGunzip, deflate: createInflate, br: createBrotliDecompress }[encoding.toLowerCase()];
  if (decoder === undefined) return answer;
  // Whoever reads the decoded body sees how it failed.
  return pipeline(answer, decoder(), () => undefined);
}

function failure(code: "CONNECT_TIMEOUT" | "INCOMPLETE_ANSWER"): Error {
  return Object.assign(new Error(code), { code });
}
