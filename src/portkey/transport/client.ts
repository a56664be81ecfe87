/**
 * Requests as openapi-fetch makes them: one client per base, no redirects, the key set by middleware. The same code
 * makes the request that is sent and the one a dry run shows.
 */
import createClient, { type Middleware } from "openapi-fetch";
import { BOUNDS } from "../../errors/bounds.ts";
import type { BaseName, ToolRecord } from "../../catalog/record.ts";
import { ApiRequest } from "../request/api-request.ts";
import type { BoundRequest } from "../request/bind.ts";
import type { ChosenKey } from "../keys/take-key.ts";
import type { Bases } from "../port.ts";
import { createPooledFetch, type HttpAnswer, type SendRequest } from "./pooled-fetch.ts";

export interface OutgoingRequest {
  readonly record: ToolRecord;
  readonly bound: BoundRequest;
  readonly key: ChosenKey;
  readonly headers: Readonly<Record<string, string>>;
}

export interface ClientOptions {
  readonly bases: Bases;
  readonly userAgent: string;
  /** Default: a pool of this client's own. */
  readonly fetch?: SendRequest;
}

export interface Client {
  /** Sends once and reads the whole answer; with `unread`, that of a 2xx is left to be read. Rejects as fetch does. */
  send(
    request: OutgoingRequest,
    signal: AbortSignal,
    onHeaders: (response: HttpAnswer) => void,
    unread?: boolean,
  ): Promise<{ response: HttpAnswer; text: string }>;
  /** The request exactly as it would be sent; nothing is. */
  build(request: OutgoingRequest): Promise<ApiRequest>;
}

/** openapi-fetch's `request` as records use it: their paths are data, so its types have nothing to check. */
type LooseRequest = (
  method: string,
  path: string,
  init: Readonly<Record<string, unknown>>,
) => Promise<{ readonly data?: unknown; readonly response: HttpAnswer }>;

/** A client for the hosts in `bases`. */
export function createRequestClient({ bases, userAgent, fetch = createPooledFetch() }: ClientOptions): Client {
  const clients = new Map<BaseName, LooseRequest>();
  const clientFor = (base: BaseName): LooseRequest => {
    const made = clients.get(base) ?? (makeClient(bases[base], userAgent, fetch) as LooseRequest);
    clients.set(base, made);
    return made;
  };
  const request = (outgoing: OutgoingRequest, middleware: Middleware[], signal?: AbortSignal, unread = false) => {
    const { record, bound, key, headers } = outgoing;
    return clientFor(record.base)(record.method ?? "GET", record.path ?? "/", {
      params: { path: bound.path, query: bound.query, header: bound.header },
      ...(bound.body !== undefined && { body: bound.body }),
      headers,
      parseAs: unread ? "stream" : "text",
      unread,
      answerBytes: record.risk === "read" ? BOUNDS.readAnswerBytes : BOUNDS.writeAnswerBytes,
      middleware: [setKey(key), ...middleware],
      ...(signal && { signal }),
    });
  };
  return {
    async send(outgoing, signal, onHeaders, unread = false) {
      const { response, data } = await request(
        outgoing,
        [{ onResponse: (seen) => onHeaders(seen.response) }],
        signal,
        unread,
      );
      if (!response.ok) return { response, text: await response.text() };
      return { response, text: typeof data === "string" ? data : "" };
    },
    async build(outgoing) {
      let built: unknown;
      await request(outgoing, [
        {
          onRequest: (made) => {
            built = made.request;
            return new Response(null, { status: 204 });
          },
        },
      ]);
      return built as ApiRequest;
    },
  };
}

function makeClient(baseUrl: string, userAgent: string, fetch: SendRequest) {
  return createClient({
    baseUrl,
    headers: { "user-agent": userAgent, accept: "application/json" },
    // openapi-fetch uses no more of a request and of an answer than there is.
    Request: ApiRequest as unknown as typeof Request,
    fetch: (async (request: unknown) => textTwice(await fetch(request as ApiRequest))) as unknown as (
      request: Request,
    ) => Promise<Response>,
  }).request;
}

/** openapi-fetch reads what refuses, and gives its value; what was written is wanted too. */
function textTwice(answer: HttpAnswer): HttpAnswer {
  if (answer.ok) return answer;
  const { status, ok, headers, body } = answer;
  let text: Promise<string> | undefined;
  return { status, ok, headers, body, text: () => (text ??= answer.text()) };
}

function setKey(key: ChosenKey): Middleware {
  return {
    onRequest({ request }) {
      if (key.value !== undefined) request.headers.set("x-portkey-api-key", key.value);
      return undefined;
    },
  };
}
