/**
 * Creates the undici dispatcher for outgoing requests. It sends each directly or through its proxy, and where `guarded`
 * refuses special addresses, as far as this machine knows them.
 *
 * undici's EnvHttpProxyAgent is not used: it does not say which way it takes, and its NO_PROXY has no ranges.
 */
import { lookup } from "node:dns/promises";
import type { LookupFunction } from "node:net";
import type { Agent, Dispatcher, Pool } from "undici";
import { createGuardedLookup, PrivateAddress } from "./guarded-lookup.ts";
import { proxyAuthorization, wayTo, hasProxies, type Proxy } from "./proxies.ts";
import { proxyRefusal, proxyUnreachable } from "./proxy-fault.ts";
import { isSpecialAddress } from "./special-addresses.ts";

export interface WayOutOptions {
  /** Whether names with special addresses are refused. */
  readonly guarded: boolean;
  /** Limits of the pool: connections, timeouts. */
  readonly pool: Omit<Agent.Options, "connect" | "factory">;
  /** Looks up names for direct connections, for tests; default: guarded, or the system's. */
  readonly lookup?: LookupFunction;
}

type Undici = typeof import("undici").default;

/** How long connecting may take, also through a proxy. */
const CONNECT_MS = 10_000;

/** Loads undici. Connections are opened when they are first needed. */
export async function openWayOut(options: WayOutOptions): Promise<Dispatcher> {
  // undici is a CommonJS package, of which the bundle exports only the default.
  const undici = (await import("undici")).default;
  const lookupName = options.lookup ?? (options.guarded ? createGuardedLookup() : undefined);
  const connect = { timeout: CONNECT_MS, ...(lookupName && { lookup: lookupName }) };
  const direct = new undici.Agent({ ...options.pool, connect });
  return hasProxies() ? throughProxies(direct, undici, options) : direct;
}

type Send = Dispatcher["dispatch"];

function throughProxies(direct: Agent, undici: Undici, { guarded, pool }: WayOutOptions): Dispatcher {
  const opened = new Map<string, Send>();
  const through = (proxy: Proxy, url: URL): Send => {
    const name = `${url.protocol}${proxy.setting}`;
    const open = url.protocol === "https:" ? openTunnels : openForwarding;
    const send = opened.get(name) ?? open(proxy, undici, pool);
    opened.set(name, send);
    return send;
  };
  return direct.compose((dispatch) => (request, handler) => {
    const url = new URL(request.origin ?? "");
    const way = wayTo(url);
    if (way.kind === "direct") return dispatch(request, handler);
    const send = () => through(way.proxy, url)(request, handler);
    if (!guarded) return send();
    refuseKnownPrivate(url.hostname).then(send, (error: Error) => failWith(undici, handler, error));
    return true;
  });
}

/** For https: opens a tunnel through the proxy for each connection. */
function openTunnels(proxy: Proxy, undici: Undici, pool: WayOutOptions["pool"]): Send {
  const token = proxyAuthorization(proxy);
  const agent = new undici.ProxyAgent({
    ...pool,
    uri: originOf(proxy),
    ...(token !== undefined && { token }),
    clientFactory: (origin, options) => tunnels(new undici.Pool(origin, options as Pool.Options), proxy),
  });
  return (request, handler) => agent.dispatch(request, handler);
}

/**
 * For http: sends the proxy the whole address, since many proxies open tunnels to port 443 only. undici's own
 * implementation leaves a request without an answer where the proxy requires a login.
 */
function openForwarding(proxy: Proxy, undici: Undici, pool: WayOutOptions["pool"]): Send {
  const connections = new undici.Pool(originOf(proxy), { ...pool, connect: { timeout: CONNECT_MS } });
  const token = proxyAuthorization(proxy);
  return (request, handler) => {
    const { origin, host } = new URL(request.origin ?? "");
    const own = ["host", host, ...(token === undefined ? [] : ["proxy-authorization", token])];
    const headers = [...own, ...flat(request.headers)];
    const reporting = reportFaults(undici, handler, proxy, host);
    return connections.dispatch(
      { ...request, origin: originOf(proxy), path: origin + request.path, headers },
      reporting,
    );
  };
}

function originOf({ url }: Proxy): string {
  return `${url.protocol}//${url.host}`;
}

function flat(headers: Dispatcher.DispatchOptions["headers"]): string[] {
  if (Array.isArray(headers)) return headers as string[];
  return Object.entries((headers ?? {}) as Record<string, string>).flat();
}

/** Opens the tunnels, so that a failure to open one is reported as the proxy's. */
function tunnels(pool: Pool, proxy: Proxy): Dispatcher {
  const connect = async (request: Dispatcher.ConnectOptions): Promise<Dispatcher.ConnectData> => {
    const signal = AbortSignal.timeout(CONNECT_MS);
    const answer = await pool.connect({ ...request, signal }).catch((error: unknown) => {
      throw proxyUnreachable(proxy, error);
    });
    if (answer.statusCode === 200) return answer;
    answer.socket.on("error", () => undefined).destroy();
    throw proxyRefusal(proxy, answer.statusCode, request.path);
  };
  return { connect, close: () => pool.close(), destroy: () => pool.destroy() } as unknown as Dispatcher;
}

/** System calls before a connection exists; with a proxy, their failures are those of the connection to the proxy. */
const CONNECTING: ReadonlySet<string | undefined> = new Set(["connect", "getaddrinfo"]);

type Handler = Required<Dispatcher.DispatchHandler>;
type Controller = Dispatcher.DispatchController;

interface Decorator {
  onResponseStart(...start: Parameters<Handler["onResponseStart"]>): void;
  onResponseError(controller: Controller, error: Error): void;
}

/** undici's DecoratorHandler, whose types lack its members. */
function decoratorOf({ DecoratorHandler }: Undici) {
  return DecoratorHandler as unknown as new (handler: Dispatcher.DispatchHandler) => Decorator;
}

/** A handler that turns failures of the proxy, for forwarded requests, into ProxyFault. */
function reportFaults(undici: Undici, handler: Dispatcher.DispatchHandler, proxy: Proxy, host: string) {
  class FaultReporter extends decoratorOf(undici) {
    override onResponseStart(...start: Parameters<Handler["onResponseStart"]>): void {
      const [controller, status] = start;
      if (status === 407) controller.abort(proxyRefusal(proxy, status, host));
      else super.onResponseStart(...start);
    }
    override onResponseError(controller: Controller, error: Error): void {
      const { syscall, code } = error as NodeJS.ErrnoException;
      const unreachable = CONNECTING.has(syscall) || code === "UND_ERR_CONNECT_TIMEOUT";
      super.onResponseError(controller, unreachable ? proxyUnreachable(proxy, error) : error);
    }
  }
  return new FaultReporter(handler) as Dispatcher.DispatchHandler;
}

function failWith(undici: Undici, handler: Dispatcher.DispatchHandler, error: Error): void {
  const decorator = new (decoratorOf(undici))(handler);
  decorator.onResponseError(undefined as unknown as Controller, error);
}

/** Milliseconds: how long a lookup may delay a request, and how long its result is cached. */
const LOOKUP_MS = 1_000;
const FRESH_MS = 60_000;
/** How many names are cached. */
const MAX_NAMES = 1_000;

const lookups = new Map<string, { readonly at: number; readonly special: Promise<string | undefined> }>();

/**
 * With a proxy, the proxy resolves names, so the check only covers names that this machine can resolve: one with a
 * special address is refused, one that is unknown here is sent to the proxy.
 */
async function refuseKnownPrivate(hostname: string): Promise<void> {
  const known = lookups.get(hostname);
  const fresh = known !== undefined && Date.now() - known.at < FRESH_MS;
  const special = fresh ? known.special : specialAddressOf(hostname);
  if (!fresh) {
    lookups.delete(hostname);
    lookups.set(hostname, { at: Date.now(), special });
    if (lookups.size > MAX_NAMES) lookups.delete(lookups.keys().next().value as string);
  }
  const address = await special;
  if (address !== undefined) throw new PrivateAddress(hostname, address);
}

async function specialAddressOf(hostname: string): Promise<string | undefined> {
  const bare = hostname.replace(/^\[|\]$/g, "");
  const unknown = new Promise<[]>((resolve) => {
    setTimeout(() => resolve([]), LOOKUP_MS).unref();
  });
  const found = await Promise.race([lookup(bare, { all: true }).catch(() => []), unknown]);
  return found.find(({ address }) => isSpecialAddress(address))?.address;
}
