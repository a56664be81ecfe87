/**
 * Sends requests as fetch would, through an undici pool of bounded size and without fetch's web streams, which take two
 * thirds of a call's processor time. No redirects, no cookies, no cache: Portkey's API needs none.
 */
import { pipeline, Readable, type Transform } from "node:stream";
import { text as textOf } from "node:stream/consumers";
import type { LookupFunction } from "node:net";
import type { Dispatcher } from "undici";
import type { ApiRequest } from "../request/api-request.ts";
import { readWhole } from "./read-whole.ts";

/** As much of a fetch's Response as this project reads. */
export interface HttpAnswer extends Pick<Response, "status" | "ok" | "body" | "text"> {
  readonly headers: Pick<Headers, "get">;
}

/** Resolves when the headers have come; rejects with an error whose `code` network.ts knows. */
export type SendRequest = (request: ApiRequest) => Promise<HttpAnswer>;

type AnswerHeaders = Dispatcher.ResponseData["headers"];

/** Connections to one host, and how long an idle one is kept. How long a call may take is its caller's to say. */
const POOL = {
  connections: 256,
  keepAliveTimeout: 4_000,
  connect: { timeout: 10_000 },
  headersTimeout: 0,
  bodyTimeout: 0,
};
const ENCODINGS = "gzip, deflate, br";

/** How a pool connects beyond what is usual. */
export interface PoolOptions {
  /** Looks up the names it connects to; default: the system's. */
  readonly lookup?: LookupFunction;
}

/** A pool of its own; undici is loaded, and connections are opened, when they are first needed. */
export function createPooledFetch(options: PoolOptions = {}): SendRequest {
  let opened: ReturnType<typeof openPool> | undefined;
  return async (request) => {
    const { dispatcher, send } = await (opened ??= openPool(options));
    const { url, signal, body } = request;
    const method = request.method as Dispatcher.HttpMethod;
    const headers = ["accept-encoding", ENCODINGS, ...[...request.headers].flat()];
    if (request.unread) return streamed(await send(url, { dispatcher, method, headers, body, signal: signal ?? null }));
    const {
      status,
      headers: received,
      bytes,
    } = await readWhole(
      dispatcher,
      { origin: url.origin, path: url.pathname + url.search, method, headers, body },
      signal,
    );
    const text = async (): Promise<string> => {
      const decoder = decoderOf(received);
      return decoder === undefined ? UTF8.decode(await bytes) : textOf(decoder.end(await bytes));
    };
    return { ...startOf(status, received), body: null, text };
  };
}

const UTF8 = new TextDecoder();

async function openPool(options: PoolOptions) {
  // Of a CommonJS package, the bundle's chunk exports the default only.
  const { Agent, request } = (await import("undici")).default;
  return { send: request, dispatcher: new Agent({ ...POOL, connect: { ...POOL.connect, ...options } }) };
}

function streamed({ statusCode, headers, body }: Dispatcher.ResponseData): HttpAnswer {
  const decoder = decoderOf(headers);
  // Whoever reads the decoded body sees how it failed.
  const decoded = decoder && pipeline(body, decoder, () => undefined);
  return {
    ...startOf(statusCode, headers),
    get body() {
      return Readable.toWeb(decoded ?? body) as ReadableStream<Uint8Array>;
    },
    text: () => (decoded ? textOf(decoded) : body.text()),
  };
}

function startOf(status: number, headers: AnswerHeaders): Pick<HttpAnswer, "status" | "ok" | "headers"> {
  return {
    status,
    ok: status >= 200 && status <= 299,
    headers: { get: (name) => valueOf(headers[name.toLowerCase()]) },
  };
}

function valueOf(header: string | string[] | undefined): string | null {
  return Array.isArray(header) ? header.join(", ") : (header ?? null);
}

const DECODERS: ReadonlyMap<string, "createGunzip" | "createInflate" | "createBrotliDecompress"> = new Map([
  ["gzip", "createGunzip"],
  ["x-gzip", "createGunzip"],
  ["deflate", "createInflate"],
  ["br", "createBrotliDecompress"],
]);

/** Decompresses an answer. undici's own decoder is experimental and warns on stderr. */
function decoderOf(headers: AnswerHeaders): Transform | undefined {
  const make = DECODERS.get(valueOf(headers["content-encoding"])?.toLowerCase() ?? "");
  return make && process.getBuiltinModule("node:zlib")[make]();
}
