/**
 * Sends requests as fetch would, through an undici pool of bounded size and without fetch's web streams, which take two
 * thirds of a call's processor time. No redirects, no cookies, no cache: Portkey's API needs none.
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

/** As much of a fetch's Response as this project reads. */
export interface HttpAnswer extends Pick<Response, "status" | "ok" | "body" | "text"> {
  readonly headers: Pick<Headers, "get">;
}

/** Resolves when the headers have come; rejects with an error whose `code` network.ts knows. */
export type SendRequest = (request: ApiRequest) => Promise<HttpAnswer>;

/** Connections to one host, and how long an idle one is kept. How long a call may take is its caller's to say. */
const POOL = {
  connections: 256,
  keepAliveTimeout: 4_000,
  headersTimeout: 0,
  bodyTimeout: 0,
};

/** How a pool connects beyond what is usual. */
export interface PoolOptions {
  /** Names that lead to special addresses are refused. */
  readonly guarded?: boolean;
  /** Looks up the names it connects to; default: the system's, or guarded. */
  readonly lookup?: LookupFunction;
}

/** A pool of its own, with the process's way out; connections are opened when they are first needed. */
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

/** Of what refuses, the beginning is read; an answer is read whole or not at all. */
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
    // Whoever reads the decoded body sees how it failed.
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
