/**
 * The Fastify app: what every request passes, in this order, and where it ends. It listens to nothing by itself.
 */
import type { ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { SecureContextOptions } from "node:tls";
import Fastify, { type FastifyInstance, type FastifyServerOptions } from "fastify";
import type { HttpConfig } from "../config/http-config.ts";
import type { Log } from "../log/log.ts";
import type { ModernHandler } from "../mcp/modern/modern-http.ts";
import type { RequestStateCodec } from "../mcp/modern/request-state.ts";
import type { SpentStates } from "../mcp/modern/spent-states.ts";
import type { Registry } from "../mcp/registry.ts";
import { answerError, answerErrors, answerParserError } from "./routes/answer-errors.ts";
import { allowOrigins } from "./limits/cross-origin.ts";
import { readJsonBodies } from "./routes/json-body.ts";
import { limitRates } from "./limits/limit-rate.ts";
import { serveMcp, type McpRouteParts } from "./routes/mcp-route.ts";
import { redirectToSlash, takePrefixOff } from "./routes/path-prefix.ts";
import type { Metrics } from "./observability/metrics.ts";
import { servePage } from "./page/serve-page.ts";
import type { RedisLink } from "./redis/link.ts";
import { createTrust, type Trust } from "./redis/trust.ts";
import type { Readiness } from "./status/readiness.ts";
import { answerOneAtATime } from "./limits/one-at-a-time.ts";
import { boundUnreadAnswers, type UnreadBounds } from "./limits/unread-answers.ts";
import { createRequestCheck, originCheck } from "./limits/refuse-request.ts";
import { securityHeaders } from "./limits/security-headers.ts";
import { serveStatus, type StatusParts } from "./routes/status-routes.ts";

/** How long a client may take, in milliseconds. Slow ones hold a connection, and there are only so many. */
export interface Timeouts {
  readonly headersMs: number;
  readonly requestMs: number;
  /** How often connections are looked at. */
  readonly checkMs: number;
  readonly keepAliveMs: number;
}

/** Keep-alive outlasts the 60 s of common balancers, so that they, not this server, end idle connections. */
const TIMEOUTS: Timeouts = { headersMs: 10_000, requestMs: 30_000, checkMs: 2_000, keepAliveMs: 72_000 };

/** What balancers ask for all the time, and what tells them nothing that a limit could protect. */
const UNCOUNTED: ReadonlySet<string | undefined> = new Set(["/health", "/ready"]);

export interface AppParts
  extends
    Pick<McpRouteParts, "authenticate" | "requireScopes" | "recordsOf" | "legacy" | "refusing">,
    Pick<StatusParts, "identify" | "scopes" | "health"> {
  readonly registry: Registry;
  readonly http: HttpConfig;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly ready: () => Promise<Readiness>;
  /** The instance is going: whoever keeps connections is told to take another one. */
  readonly draining: () => boolean;
  /** Where the answers are noted that are still to be given while the instance is going. */
  readonly late?: Set<unknown>;
  readonly requestState?: RequestStateCodec;
  /** Which of its states are spent, where instances share that. */
  readonly spentStates?: SpentStates;
  /** For the rate limits that all instances share. */
  readonly redis?: RedisLink;
  /** What of Redis is believed; by default what this process wrote. */
  readonly trust?: Trust;
  readonly registerMetadata?: (app: FastifyInstance) => void;
  readonly timeouts?: Partial<Timeouts>;
  readonly unread?: Partial<UnreadBounds>;
}

export async function buildApp(parts: AppParts): Promise<FastifyInstance> {
  const { http, log, metrics, registry } = parts;
  const app = Fastify(serverOptions(http, log, { ...TIMEOUTS, ...parts.timeouts }));
  const check = createRequestCheck(http);

  answerErrors(app, log);
  readJsonBodies(app);
  const security = securityHeaders(http);
  app.addHook("onRequest", (request, reply, done) => {
    reply.headers(security);
    check(request);
    done();
  });
  app.addHook(
    "onResponse",
    async ({ method, routeOptions: { url: route = "none" } }, { statusCode: status, elapsedTime }) => {
      metrics.observeRequest(route, method, status);
      log.write("debug", "answered", { method, route, status, ms: Math.round(elapsedTime) });
    },
  );
  app.addHook("onRequest", (request, reply, done) => {
    leaveConnection(request.raw.socket, reply.raw, parts);
    done();
  });
  await allowOrigins(app, originCheck(http), http);
  answerOneAtATime(app);
  const unread = boundUnreadAnswers(app, log, parts.unread);
  metrics.gauge(
    "mcp_unread_bytes",
    "Bytes that wait for clients to read them.",
    () => ({ all: unread.unread() }),
    "of",
  );
  metrics.counter("mcp_unread_closed_total", "Connections closed since their clients did not read.", "of", () => ({
    all: unread.closed(),
  }));
  const trust = parts.trust ?? createTrust({ encryptionKey: http.eventStore.encryptionKey, log });
  const limits = await limitRates(app, http.rateLimit, parts.redis && { redis: parts.redis, trust });
  app.addHook("onRequest", async (request, reply) => {
    if (!UNCOUNTED.has(request.routeOptions.url)) await limits.address(request, reply);
  });

  const modernHandlers: ModernHandler[] = [];
  const modern = once(async () => {
    const { createModernHandler } = await import("../mcp/modern/modern-http.ts");
    const handler = createModernHandler(registry, {
      ...(parts.requestState && { requestState: parts.requestState }),
      ...(parts.spentStates && { spentStates: parts.spentStates }),
      unexpected: (error, method) =>
        log.write("error", "a request failed", { method, error: String(error), stack: (error as Error).stack }),
    });
    modernHandlers.push(handler);
    return handler;
  });
  app.addHook("preClose", async () => {
    await Promise.all(modernHandlers.map((handler) => handler.close()));
  });
  serveMcp(app, { ...parts, limits, unread, modern, stateless: http.sessionMode === "stateless" });
  serveStatus(app, parts);
  servePage(app, parts);
  redirectToSlash(app, http);
  parts.registerMetadata?.(app);
  return app;
}

function serverOptions(http: HttpConfig, log: Log, timeouts: Timeouts): FastifyServerOptions {
  const node = { headersTimeout: timeouts.headersMs, connectionsCheckingInterval: timeouts.checkMs };
  const options: FastifyServerOptions & { http?: object; https?: object } = {
    logger: false,
    bodyLimit: http.maxRequestBytes,
    trustProxy: trusted(http.trustProxy),
    requestTimeout: timeouts.requestMs,
    keepAliveTimeout: timeouts.keepAliveMs,
    forceCloseConnections: true,
    return503OnClosing: false,
    routerOptions: { ignoreTrailingSlash: true },
    ...takePrefixOff(http),
    exposeHeadRoutes: false,
    frameworkErrors: (error, request, reply) => void answerError(error, request, reply, log),
    clientErrorHandler: answerParserError,
    ...(http.tls === null
      ? { http: node }
      : {
          https: { ...node, ...secureOptions(http.tls) },
        }),
  };
  return options;
}

/** Of an instance that is going no connection is kept: whoever sends the next message takes another instance. */
function leaveConnection(
  socket: Socket,
  response: ServerResponse,
  { draining, late }: Pick<AppParts, "draining" | "late">,
): void {
  if (draining()) {
    response.shouldKeepAlive = false;
    late?.add(response);
    response.once("close", () => late?.delete(response));
    return;
  }
  response.once("finish", () => {
    if (draining()) socket.end();
  });
}

/** A key and its certificate as Node takes them. */
export function secureOptions({ key, cert, ca }: NonNullable<HttpConfig["tls"]>): SecureContextOptions {
  return { key, cert, ...(ca !== null && { ca }) };
}

/**
 * Fastify takes no number of hops any more, since a number cannot tell who connects; whoever sets one vouches for that.
 */
function trusted(proxies: HttpConfig["trustProxy"]): false | string[] | ((address: string, hop: number) => boolean) {
  if (typeof proxies === "number") return (_address, hop) => hop < proxies;
  return proxies === false ? false : [...proxies];
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}
