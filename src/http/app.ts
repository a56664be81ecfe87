/**
 * The Fastify app: what every request passes, in this order, and where it ends. It listens to nothing by itself.
 */
import type { ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { FastifyInstance } from "fastify";
import type { HttpConfig } from "../config/http-config.ts";
import type { Log } from "../log/log.ts";
import type { ModernHandler } from "../mcp/modern/modern-http.ts";
import type { RequestStateCodec } from "../mcp/modern/request-state.ts";
import type { SpentStates } from "../mcp/modern/spent-states.ts";
import type { Registry } from "../mcp/registry.ts";
import { createBaseApp, type Timeouts } from "./base-app.ts";
import { answerErrors } from "./routes/answer-errors.ts";
import { allowOrigins } from "./limits/cross-origin.ts";
import { readJsonBodies } from "./routes/json-body.ts";
import { limitRates } from "./limits/limit-rate.ts";
import { serveMcp, type McpRouteParts } from "./routes/mcp-route.ts";
import { redirectToSlash } from "./routes/path-prefix.ts";
import type { MetricsAccess } from "./observability/metrics-access.ts";
import type { Metrics } from "./observability/metrics.ts";
import { notedReason } from "./observability/refusal-reasons.ts";
import { serveMetrics } from "./observability/serve-metrics.ts";
import { servePage } from "./page/serve-page.ts";
import type { RedisLink } from "./redis/link.ts";
import { createTrust, type Trust } from "./redis/trust.ts";
import type { Readiness } from "./status/readiness.ts";
import { answerOneAtATime } from "./limits/one-at-a-time.ts";
import { boundUnreadAnswers, type UnreadBounds } from "./limits/unread-answers.ts";
import { originCheck } from "./limits/refuse-request.ts";
import { serveStatus, type StatusParts } from "./routes/status-routes.ts";

/** What balancers ask for all the time, and what tells them nothing that a limit could protect. */
const UNCOUNTED: ReadonlySet<string> = new Set(["/health", "/ready"]);

/** Where people log in and clients register, in mode oauth-proxy. */
const LOGIN_PATH = "/oauth/";
const REGISTER_PATH = "/oauth/register";

export interface AppParts
  extends
    Pick<McpRouteParts, "authenticate" | "requireScopes" | "recordsOf" | "legacy" | "refusing">,
    Pick<StatusParts, "scopes" | "health"> {
  readonly registry: Registry;
  readonly http: HttpConfig;
  readonly log: Log;
  readonly metrics: Metrics;
  /** Who may read them beside /mcp; absent: they are elsewhere. */
  readonly metricsAccess?: MetricsAccess | undefined;
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
  const app = createBaseApp(parts);
  answerErrors(app, log);
  readJsonBodies(app);
  app.addHook("onResponse", async (request, { statusCode: status, elapsedTime: milliseconds }) => {
    const { method, routeOptions } = request;
    const { url: route = "none" } = routeOptions;
    metrics.observeRequest({ route, method, status, milliseconds, reason: notedReason(request) });
    log.write("debug", "answered", { method, route, status, ms: Math.round(milliseconds) });
  });
  app.addHook("onRequest", (request, reply, done) => {
    leaveConnection(request.raw.socket, reply.raw, parts);
    done();
  });
  await allowOrigins(app, originCheck(http), http);
  answerOneAtATime(app);
  const unread = boundUnreadAnswers(app, log, parts.unread);
  metrics.read("mcp_unread_bytes", () => unread.unread());
  metrics.read("mcp_unread_closed_total", () => unread.closed());
  const trust = parts.trust ?? createTrust({ encryptionKey: http.eventStore.encryptionKey, log });
  const limits = await limitRates(app, http.rateLimit, parts.redis && { redis: parts.redis, trust });
  app.addHook("onRequest", async (request, reply) => {
    const { url = "" } = request.routeOptions;
    if (!UNCOUNTED.has(url)) await limits.address(request, reply);
    if (!url.startsWith(LOGIN_PATH)) return;
    if (url === REGISTER_PATH) await limits.registration(request, reply);
    else await limits.login(request, reply);
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
  if (parts.metricsAccess !== undefined) serveMetrics(app, { metrics, access: parts.metricsAccess });
  servePage(app, parts);
  redirectToSlash(app, http);
  parts.registerMetadata?.(app);
  return app;
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

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}
