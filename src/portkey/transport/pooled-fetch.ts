/**
 * Sends requests through an undici pool of bounded size. Unlike fetch it uses no web streams, which would take two
 * thirds of a call's processor time, and has no redirects, cookies or cache, which Portkey's API does not need.
 */
import { pipeline, Readable } from "node:stream";
import type { LookupFunction } from "node:net";
import type { Dispatcher } from "undici";
import { openWayOut } from "../../addresses/way-out.ts";
import { BOUNDS } from "../../errors/bounds.ts";
import type { ApiRequest } from "../request/api-request.ts";
import { collectBody, type BodyBound } from "./collect-body.ts";
import { decoderOf, ENCODINGS, headerValue, type AnswerHeaders } from "./decoders.ts";
import { readWhole } from "./read-whole.ts";

/** The part of fetch's Response that this project uses. */
export interface HttpAnswer extends Pick<Response, "status" | "ok" | "body" | "text"> {
  readonly headers: Pick<Headers, "get">;
}

/** Resolves when the headers are received; rejects with an error that `readNetworkFailure` interprets. */
export type SendRequest = (request: ApiRequest) => Promise<HttpAnswer>;

/** Connections per host, and how long an idle one is kept. Calls have timeouts of their own, so the pool has none. */
const POOL = {
  connections: 256,
  keepAliveTimeout: 4_000,
  headersTimeout: 0,
  bodyTimeout: 0,
};

/** Options of a pool's connections. */
export interface PoolOptions {
  /** Whether host names that resolve to private or special addresses are refused. */
  readonly guarded?: boolean;
  /** The DNS look-up; default: the system's, or the guarded one. */
  readonly lookup?: LookupFunction;
}

/** A new pool, which uses the process's proxy settings; connections are opened when first needed. */
export function createPooledFetch(options: PoolOptions = {}): SendRequest {
  let opened: ReturnType<typeof openPool> | undefined;
  return async (request) => {
    const dispatcher = await (opened ??= openPool(options));
    const { url, signal, body } = request;
    const method = request.method as Dispatcher.HttpMethod;
    const headers = ["accept-encoding", ENCODINGS, ...[...request.headers].flat()];
    const boundOf = (status: number): BodyBound => answerBound(request, status);
    const target = { origin: url.origin, path: url.pathname + url.search, method, headers, body };
    if (request.unread)
      return streamed(
        await dispatcher.request({ ...target, signal: (signal as AbortSignal | undefined) ?? null }),
        boundOf,
      );
    const { status, headers: received, bytes } = await readWhole(dispatcher, target, signal, boundOf);
    return { ...startOf(status, received), body: null, text: async () => UTF8.decode(await bytes) };
  };
}

const UTF8 = new TextDecoder();

function openPool({ guarded = false, lookup }: PoolOptions): Promise<Dispatcher> {
  return openWayOut({ guarded, pool: POOL, ...(lookup && { lookup }) });
}

/** The bound of an answer: an error's body is cut, a larger success is an error. */
function answerBound({ answerBytes }: ApiRequest, status: number): BodyBound {
  return status >= 300 ? { bytes: BOUNDS.errorAnswerBytes, cut: true } : { bytes: answerBytes, cut: false };
}

function streamed(
  { statusCode, headers, body }: Dispatcher.ResponseData,
  boundOf: (status: number) => BodyBound,
): HttpAnswer {
  let opened: ReadableStream<Uint8Array> | undefined;
  const open = () => {
    const decoder = decoderOf(headers);
    // A failure reaches the reader of the decoded stream, so the callback need not handle it.
    return Readable.toWeb(decoder ? pipeline(body, decoder, () => undefined) : body) as ReadableStream<Uint8Array>;
  };
  return {
    ...startOf(statusCode, headers),
    get body() {
      return (opened ??= open());
    },
    async text() {
      const collector = collectBody({
        bound: boundOf(statusCode),
        decoder: decoderOf(headers),
        onFull: () => body.destroy(),
        onDrain: () => body.resume(),
      });
      body
        .on("data", (chunk: Buffer) => {
          if (!collector.write(chunk)) body.pause();
        })
        .on("end", () => collector.end())
        .on("error", (error) => collector.fail(error));
      return UTF8.decode(await collector.bytes);
    },
  };
}

function startOf(status: number, headers: AnswerHeaders): Pick<HttpAnswer, "status" | "ok" | "headers"> {
  return {
    status,
    ok: status >= 200 && status <= 299,
    headers: { get: (name) => headerValue(headers[name.toLowerCase()]) },
  };
}
