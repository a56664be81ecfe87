/**
 * Sends requests as fetch would, through an undici pool of bounded size and without fetch's web streams, which take two
 * thirds of a call's processor time. No redirects, no cookies, no cache: Portkey's API needs none.
 */
import { Readable } from "node:stream";
import type { Dispatcher } from "undici";

/** As much of a fetch's Response as this project reads. */
export type HttpAnswer = Pick<Response, "status" | "ok" | "headers" | "body" | "text">;

/** Resolves when the headers have come; rejects with an error whose `code` network.ts knows. */
export type SendRequest = (request: Request) => Promise<HttpAnswer>;

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
      headers: { "accept-encoding": ENCODINGS, ...Object.fromEntries(request.headers) },
      body: request.body === null ? null : Buffer.from(await request.arrayBuffer()),
      signal: request.signal,
    });
    return answerOf(answer);
  };
}

async function openPool() {
  const { Agent, interceptors, request } = await import("undici");
  return { send: request, dispatcher: new Agent(POOL).compose(interceptors.decompress()) };
}

function answerOf({ statusCode, headers, body }: Dispatcher.ResponseData): HttpAnswer {
  const pairs = Object.entries(headers).flatMap(([name, value = []]) => [value].flat().map((one): [string, string] => [name, one]));
  return {
    status: statusCode,
    ok: statusCode >= 200 && statusCode <= 299,
    headers: new Headers(pairs),
    get body() {
      return Readable.toWeb(body) as ReadableStream<Uint8Array>;
    },
    text: () => body.text(),
  };
}
