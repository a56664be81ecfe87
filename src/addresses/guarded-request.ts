/**
 * Sends a request to an address from the configuration or from somebody's answer: not to special addresses unless that
 * is allowed, and following only a few redirects, on the same origin.
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
  /** Whether the address may be private: as the operator allows, or where Portkey itself is at one. */
  readonly allowPrivate?: boolean;
  /** How many redirects to follow, all on the same origin; default: none, and a redirect is returned as the answer. */
  readonly redirects?: number;
}

export interface GuardedAnswer {
  readonly status: number;
  /** The first value of a header. */
  header(name: string): string | undefined;
  readonly body: Dispatcher.ResponseData["body"];
}

/** Timeouts for servers that send nothing at all; callers have shorter ones of their own. */
const TIMEOUTS = { headersTimeout: 60_000, bodyTimeout: 60_000, keepAliveTimeout: 4_000 };

let open: Promise<Dispatcher> | undefined;
let guarded: Promise<Dispatcher> | undefined;

/** Opened when the first request is made. */
function wayOut(allowPrivate: boolean): Promise<Dispatcher> {
  if (allowPrivate) return (open ??= openWayOut({ guarded: false, pool: TIMEOUTS }));
  return (guarded ??= openWayOut({ guarded: true, pool: TIMEOUTS }));
}

/**
 * The answer with its body unread: the caller must read or destroy it. Throws PrivateAddress, RedirectRefused, or an
 * error of the network.
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
    // Without a listener, a connection that breaks after the caller has stopped reading would be an uncaught error.
    answer.body.on("error", () => undefined);
    const location = valueOf(answer.headers["location"]);
    if (redirects === 0 || !isRedirect(answer.statusCode) || location === undefined) return answerOf(answer);
    answer.body.destroy();
    url = nextUrl(url, location, followed < redirects);
  }
}

/** A redirect that is not followed: to another origin, or too many of them. */
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
