/**
 * Requests as openapi-fetch makes them: one client per base, no redirects, what proves the caller by middleware. The
 * same code makes the request that is sent and the one a dry run shows.
 */
import createClient, { type Middleware } from "openapi-fetch";
import { BOUNDS } from "../../errors/bounds.ts";
import type { BaseName, ToolRecord } from "../../catalog/record.ts";
import type { CancelSignal } from "./cancellation.ts";
import { ApiRequest } from "../request/api-request.ts";
import type { BoundRequest } from "../request/bind.ts";
import { addressOf } from "../bases.ts";
import type { Bases } from "../port.ts";
import { createPooledFetch, type HttpAnswer, type SendRequest } from "./pooled-fetch.ts";

export interface OutgoingRequest {
  readonly record: ToolRecord;
  readonly bound: BoundRequest;
  /** The headers that prove who calls. */
  readonly access: Readonly<Record<string, string>>;
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
    signal: CancelSignal,
    onHeaders: (response: HttpAnswer) => void,
    unread?: boolean,
  ): Promise<{ response: HttpAnswer; text: string }>;
  /** The request as it would be sent, without its body's text; nothing is sent. */
  build(request: OutgoingRequest): Promise<ApiRequest>;
}

/** openapi-fetch's `request` as records use it: their paths are data, so its types have nothing to check. */
type LooseRequest = (
  method: string,
  path: string,
  init: Init,
) => Promise<{ readonly data?: unknown; readonly response: HttpAnswer }>;

/** A client for the hosts in `bases`. */
export function createRequestClient({ bases, userAgent, fetch = createPooledFetch() }: ClientOptions): Client {
  const clients = new Map<BaseName, LooseRequest>();
  const clientFor = (base: BaseName): LooseRequest => {
    const made = clients.get(base) ?? (makeClient(addressOf(bases, base), userAgent, fetch) as LooseRequest);
    clients.set(base, made);
    return made;
  };
  const request = ({ record }: OutgoingRequest, init: Init) =>
    clientFor(record.base)(record.method ?? "GET", record.path ?? "/", init);
  return {
    async send(outgoing, signal, onHeaders, unread = false) {
      const onResponse: Middleware = { onResponse: (seen) => onHeaders(asAnswered(seen.response)) };
      const more = { signal, ...(unread && { parseAs: "stream", unread }) };
      const { response, data } = await request(outgoing, initOf(outgoing, onResponse, more));
      const answered = asAnswered(response);
      if (typeof data === "string") return { response: answered, text: data };
      return { response: answered, text: answered.ok ? "" : await answered.text() };
    },
    async build(outgoing) {
      let built: unknown;
      const keep: Middleware = {
        onRequest: (made) => {
          built = made.request;
          return new Response(null, { status: 204 });
        },
      };
      // Whoever shows the request shows its body from the arguments.
      await request(outgoing, initOf(outgoing, keep, { bodySerializer: () => "" }));
      return built as ApiRequest;
    },
  };
}

/** What openapi-fetch takes beside method and path. */
type Init = Readonly<Record<string, unknown>>;

/** A record's request for openapi-fetch. `middleware` runs after what proves the caller; `more` overrides the rest. */
function initOf({ record, bound, access, headers }: OutgoingRequest, middleware: Middleware, more: Init): Init {
  return {
    params: { path: bound.path, query: bound.query, header: bound.header },
    ...(bound.body !== undefined && { body: bound.body }),
    headers: { ...headers, ...(record.mediaType !== undefined && { "content-type": record.mediaType }) },
    parseAs: "text",
    answerBytes: record.risk === "read" ? BOUNDS.readAnswerBytes : BOUNDS.writeAnswerBytes,
    middleware: [prove(access), middleware],
    ...more,
  };
}

function makeClient(baseUrl: string, userAgent: string, fetch: SendRequest) {
  return createClient({
    baseUrl,
    headers: { "user-agent": userAgent, accept: "application/json" },
    // openapi-fetch uses no more of a request and of an answer than there is.
    Request: ApiRequest as unknown as typeof Request,
    fetch: (async (request: unknown) => asText(await fetch(request as ApiRequest))) as unknown as (
      request: Request,
    ) => Promise<Response>,
  }).request;
}

/** The answer behind what openapi-fetch was given. */
const ANSWERED = Symbol("answered");

/** openapi-fetch parses what refuses. Its text is wanted, which is given only of what it takes for a success. */
function asText(answer: HttpAnswer): HttpAnswer {
  if (answer.ok) return answer;
  const { status, headers, body } = answer;
  const given = { status, ok: true, headers, body, text: () => answer.text(), [ANSWERED]: answer };
  return given;
}

function asAnswered(response: HttpAnswer & { readonly [ANSWERED]?: HttpAnswer }): HttpAnswer {
  return response[ANSWERED] ?? response;
}

/** Set last, so that no header of the call's own takes their place. */
function prove(access: Readonly<Record<string, string>>): Middleware {
  return {
    onRequest({ request }) {
      for (const [name, value] of Object.entries(access)) request.headers.set(name, value);
      return undefined;
    },
  };
}
