/** Builds the Fastify app: hooks in the order in which requests pass them, then the routes. It does not listen. */
import type { FastifyInstance } from "fastify";
import type { HttpConfig } from "../config/http-config.ts";
import { createBaseApp, type Timeouts } from "./base-app.ts";
import { allowOrigins } from "./limits/cross-origin.ts";
import { limitAddresses } from "./limits/limit-addresses.ts";
import { limitRates, type RateLimits } from "./limits/limit-rate.ts";
import { answerOneAtATime } from "./limits/one-at-a-time.ts";
import { createOriginCheck } from "./limits/refuse-request.ts";
import { limitUnreadAnswers, type UnreadAnswers, type UnreadBounds } from "./limits/unread-answers.ts";
import type { MetricsAccess } from "./observability/metrics-access.ts";
import type { Metrics } from "./observability/metrics.ts";
import { observeAnswers } from "./observability/observe-answers.ts";
import { serveMetrics } from "./observability/serve-metrics.ts";
import { servePage } from "./page/serve-page.ts";
import type { RedisLink } from "./redis/link.ts";
import { createTrust, type Trust } from "./redis/trust.ts";
import { answerErrors } from "./routes/answer-errors.ts";
import { readJsonBodies } from "./routes/json-body.ts";
import { loadModern, type ModernParts } from "./routes/load-modern.ts";
import { serveMcp, type McpRouteParts } from "./routes/mcp-route.ts";
import { redirectToSlash } from "./routes/path-prefix.ts";
import { serveStatus, type StatusParts } from "./routes/status-routes.ts";
import type { Drain } from "./status/drain.ts";
import { followAnswers, type FollowedAnswers } from "./status/follow-answers.ts";

export interface AppParts
  extends
    ModernParts,
    FollowedAnswers,
    Pick<Drain, "refusing">,
    Pick<McpRouteParts, "authenticate" | "requireScopes" | "recordsOf" | "legacy">,
    Pick<StatusParts, "scopes" | "health" | "ready"> {
  readonly http: HttpConfig;
  readonly metrics: Metrics;
  /** Who may read /metrics of this app; absent: it has no /metrics. */
  readonly metricsAccess?: MetricsAccess | undefined;
  /** For rate limits that all instances share. */
  readonly redis?: RedisLink;
  /** Decides which data in Redis is trusted; by default only what this process wrote. */
  readonly trust?: Trust;
  readonly registerMetadata?: (app: FastifyInstance) => void;
  readonly timeouts?: Partial<Timeouts>;
  readonly unread?: Partial<UnreadBounds>;
}

export async function buildApp(parts: AppParts): Promise<FastifyInstance> {
  const { http, log, metrics } = parts;
  const app = createBaseApp(parts);
  answerErrors(app, log);
  readJsonBodies(app);
  observeAnswers(app, metrics, log);
  await allowOrigins(app, createOriginCheck(http), http);
  answerOneAtATime(app);
  const unread = limitUnread(app, parts);
  const limits = await limitSharedRates(app, parts);
  limitAddresses(app, limits);

  const modern = loadModern(app, parts);
  followAnswers(app, parts);
  serveMcp(app, { ...parts, limits, unread, modern, stateless: http.sessionMode === "stateless" });
  serveStatus(app, parts);
  if (parts.metricsAccess !== undefined) serveMetrics(app, { metrics, access: parts.metricsAccess });
  servePage(app, parts);
  redirectToSlash(app, http);
  parts.registerMetadata?.(app);
  return app;
}

function limitUnread(app: FastifyInstance, { log, metrics, unread: bounds }: AppParts): UnreadAnswers {
  const unread = limitUnreadAnswers(app, log, bounds);
  metrics.read("mcp_unread_bytes", () => unread.unread());
  metrics.read("mcp_unread_closed_total", () => unread.closed());
  return unread;
}

function limitSharedRates(app: FastifyInstance, { http, log, redis, trust }: AppParts): Promise<RateLimits> {
  const { encryptionKey } = http.eventStore;
  return limitRates(app, http.rateLimit, redis && { redis, trust: trust ?? createTrust({ encryptionKey, log }) });
}
