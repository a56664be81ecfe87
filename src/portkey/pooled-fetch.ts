/**
 * Sends requests as fetch would, through an undici pool of bounded size and without fetch's web streams, which take two
 * thirds of a call's processor time. No redirects, no cookies, no cache: Portkey's API needs none.
 */
import { pipeline, Readable, type Transform } from "node:stream";
import { text } from "node:stream/consumers";
import type { Dispatcher } from "undici";
import type { ApiRequest } from "./api-request.ts";

/** As much of a fetch's Response as this project reads. */
export interface HttpAnswer extends Pick<Response, "status" | "ok" | "body" | "text"> {
  readonly headers: Pick<Headers, "get">;
}

/** Resolves when the headers have come; rejects with an error whose `code` network.ts knows. */
export type SendRequest = (request: ApiRequest) => Promise<HttpAnswer>;

/** Connections to one host, and how long an idle one is kept. How long a call may take is its caller's to say. */
const POOL = { connections: 256, keepAliveTimeout: 4_000, connect: { timeout: 10_000 }, headersTimeout: 0, bodyTimeout: 0 };
const ENCODINGS = "gzip, deflate, br";

/** A pool of its own; undici is loaded, and connections are opened, when they are first needed. */
export function createPooledFetch(): SendRequest {
  let opened: ReturnType<typeof openPool> | undefined;
  return async (request) => {
    const { send, dispatcher } = await (opened ??= openPool());
    const answer = await send(request.url, {
      dispatcher,
      method: request.method as Dispatcher.HttpMethod,
      headers: ["accept-encoding", ENCODINGS, ...[...request.headers].flat()],
      body: request.body,
      signal: request.signal ?? null,
    });
    return answerOf(answer);
  };
}

async function openPool() {
  // Of a CommonJS package, the bundle's chunk exports the default only.
  const { Agent, request } = (await import("undici")).default;
  return { send: request, dispatcher: new Agent(POOL) };
}

function answerOf({ statusCode, headers, body }: Dispatcher.ResponseData): HttpAnswer {
  const decoder = decoderOf(String(headers["content-encoding"] ?? ""));
  // Whoever reads the decoded body sees how it failed.
  const decoded = decoder && pipeline(body, decoder, () => undefined);
  return {
    status: statusCode,
    ok: statusCode >= 200 && statusCode <= 299,
    headers: { get: (name) => valueOf(headers[name.toLowerCase()]) },
    get body() {
      return Readable.toWeb(decoded ?? body) as ReadableStream<Uint8Array>;
    },
    text: () => (decoded ? text(decoded) : body.text()),
  };
}

function valueOf(header: string | string[] | undefined): string | null {
  return Array.isArray(header) ? header.join(", ") : (header ?? null);
}

/** Undoes what Portkey, or something in front of it, compressed; undici's own decoder is experimental and warns on stderr. */
function decoderOf(encoding: string): Transform | undefined {
  const { createBrotliDecompress, createGunzip, createInflate } = process.getBuiltinModule("node:zlib");
  const make = { gzip: createGunzip, "x-gzip": createGunzip, deflate: createInflate, br: createBrotliDecompress }[encoding.toLowerCase()];
  return make?.();
}
