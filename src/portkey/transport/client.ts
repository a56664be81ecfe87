/**
 * Makes and sends requests by openapi-fetch: one client per base, no redirects, authentication by middleware. The same
 * code makes the request that is sent and the one that a dry run shows.
 */
import createClient, { type Middleware } from "openapi-fetch";
import { BOUNDS } from "../../errors/bounds.ts";
import type { BaseName, ToolRecord } from "../../catalog/record.ts";
import type { CancelSignal } from "./cancellation.ts";
import { ApiRequest } from "../request/api-request.ts";
import type { BoundRequest } from "../request/bind.ts";
import { baseAddress } from "../bases.ts";
import type { Bases } from "../port.ts";
import { createPooledFetch, type HttpAnswer, type SendRequest } from "./pooled-fetch.ts";

export interface OutgoingRequest {
  readonly record: ToolRecord;
  readonly bound: BoundRequest;
  /** The headers that authenticate the caller. */
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
  /** Sends once and reads the whole answer; with `unread`, not that of a 2xx. Rejects as fetch does. */
  send(
    request: OutgoingRequest,
    signal: CancelSignal,
    onHeaders: (response: HttpAnswer) => void,
    unread?: boolean,
  ): Promise<{ response: HttpAnswer; text: string }>;
  /** The request as it would be sent, without its body's text. Nothing is sent. */
  build(request: OutgoingRequest): Promise<ApiRequest>;
}

/** openapi-fetch's `request` with loose types, since paths are data here. */
type LooseRequest = (
  method: string,
  path: string,
  init: Init,
) => Promise<{ readonly data?: unknown; readonly response: HttpAnswer }>;

/** A client for the hosts in `bases`. */
export function createRequestClient({ bases, userAgent, fetch = createPooledFetch() }: ClientOptions): Client {
  const clients = new Map<BaseName, LooseRequest>();
  const clientFor = (base: BaseName): LooseRequest => {
    const made = clients.get(base) ?? (makeClient(baseAddress(bases, base), userAgent, fetch) as LooseRequest);
    clients.set(base, made);
    return made;
  };
  const request = ({ record }: OutgoingRequest, init: Init) =>
    clientFor(record.base)(record.method ?? "GET", record.path ?? "/", init);
  return {
    async send(outgoing, signal, onHeaders, unread = false) {
      const onResponse: Middleware = { onResponse: (event) => onHeaders(asAnswered(event.response)) };
      const options = { signal, ...(unread && { parseAs: "stream", unread }) };
      const { response, data } = await request(outgoing, initOf(outgoing, onResponse, options));
      const answered = asAnswered(response);
      if (typeof data === "string") return { response: answered, text: data };
      return { response: answered, text: answered.ok ? "" : await answered.text() };
    },
    async build(outgoing) {
      let built: unknown;
      const keep: Middleware = {
        onRequest: (event) => {
          built = event.request;
          return new Response(null, { status: 204 });
        },
      };
      // A dry run shows the body from the bound arguments, so its text is not needed.
      await request(outgoing, initOf(outgoing, keep, { bodySerializer: () => "" }));
      return built as ApiRequest;
    },
  };
}

/** Options of openapi-fetch beside method and path. */
type Init = Readonly<Record<string, unknown>>;

/** The options of a request. `middleware` runs after authentication; `more` overrides the other options. */
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
    // ApiRequest and HttpAnswer have the members of Request and Response that openapi-fetch uses.
    Request: ApiRequest as unknown as typeof Request,
    fetch: (async (request: unknown) => asText(await fetch(request as ApiRequest))) as unknown as (
      request: Request,
    ) => Promise<Response>,
  }).request;
}

/** The real answer behind the one that openapi-fetch was given. */
const ANSWERED = Symbol("answered");

/** openapi-fetch parses error answers as JSON. Their text is needed, so they are presented to it as successes. */
function asText(answer: HttpAnswer): HttpAnswer {
  if (answer.ok) return answer;
  const { status, headers, body } = answer;
  const asSuccess = { status, ok: true, headers, body, text: () => answer.text(), [ANSWERED]: answer };
  return asSuccess;
}

function asAnswered(response: HttpAnswer & { readonly [ANSWERED]?: HttpAnswer }): HttpAnswer {
  return response[ANSWERED] ?? response;
}

/** Sets the authentication headers last, so that the call's own headers cannot replace them. */
function prove(access: Readonly<Record<string, string>>): Middleware {
  return {
    onRequest({ request }) {
      for (const [name, value] of Object.entries(access)) request.headers.set(name, value);
      return undefined;
    },
  };
}
