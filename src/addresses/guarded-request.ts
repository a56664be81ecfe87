/**
 * A single request to an address that the configuration or somebody's answer names: never to a special address unless
 * that was allowed, and through redirects only on the same origin, a few at most.
 */
import type { Dispatcher } from "undici";
import { refusePrivateHost } from "./guarded-lookup.ts";
import { openWayOut } from "./way-out.ts";

export interface GuardedRequest {
  readonly method?: "GET" | "HEAD" | "POST";
  readonly headers?: Readonly<Record<string, string>>;
  /** Of a POST. */
  readonly body?: string;
  readonly signal: AbortSignal;
  /** The address may be private: the operator has said so, or it is where Portkey itself is. */
  readonly allowPrivate?: boolean;
  /** Redirects that are followed, all on the same origin; default: none, and a redirect is an answer like any other. */
  readonly redirects?: number;
}

export interface GuardedAnswer {
  readonly status: number;
  /** The first value of a header. */
  header(name: string): string | undefined;
  readonly body: Dispatcher.ResponseData["body"];
}

/** A server that sends nothing at all for this long has gone; whoever reads has limits of its own. */
const SILENCE = { headersTimeout: 60_000, bodyTimeout: 60_000, keepAliveTimeout: 4_000 };

let open: Promise<Dispatcher> | undefined;
let guarded: Promise<Dispatcher> | undefined;

/** Opened when the first request is made. */
function wayOut(allowPrivate: boolean): Promise<Dispatcher> {
  if (allowPrivate) return (open ??= openWayOut({ guarded: false, pool: SILENCE }));
  return (guarded ??= openWayOut({ guarded: true, pool: SILENCE }));
}

/**
 * The answer, its body unread: whoever calls reads or destroys it. Throws PrivateAddress, RedirectRefused, or what the
 * network threw.
 */
export async function guardedRequest(address: string, request: GuardedRequest): Promise<GuardedAnswer> {
  const { method = "GET", headers = {}, body, signal, allowPrivate = false, redirects = 0 } = request;
  const dispatcher = await wayOut(allowPrivate);
  let url = new URL(address);
  for (let followed = 0; ; followed++) {
    if (!allowPrivate) refusePrivateHost(url);
    const path = url.pathname + url.search;
    const answer = await dispatcher.request({
      origin: url.origin,
      path,
      method,
      headers,
      signal,
      ...(body !== undefined && { body }),
    });
    // Where nobody reads to the end, a connection that breaks is nobody's error.
    answer.body.on("error", () => undefined);
    const location = valueOf(answer.headers["location"]);
    if (redirects === 0 || !isRedirect(answer.statusCode) || location === undefined) return answerOf(answer);
    answer.body.destroy();
    url = nextUrl(url, location, followed < redirects);
  }
}

/** A redirect that is not followed: to another origin, or one too many. */
export class RedirectRefused extends Error {
  override readonly name = "RedirectRefused";
}

function nextUrl(from: URL, location: string, mayFollow: boolean): URL {
  if (!mayFollow) throw new RedirectRefused("it redirects too often");
  if (!URL.canParse(location, from.href)) throw new RedirectRefused("it redirects to nowhere");
  const next = new URL(location, from);
  if (next.origin !== from.origin) throw new RedirectRefused("it redirects to another host, which is not followed");
  return next;
}

function isRedirect(status: number): boolean {
  return [301, 302, 303, 307, 308].includes(status);
}

function answerOf({ statusCode, headers, body }: Dispatcher.ResponseData): GuardedAnswer {
  return { status: statusCode, header: (name) => valueOf(headers[name]), body };
}

function valueOf(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}
