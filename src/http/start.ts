/**
 * The HTTP server from its configuration and a registry: the composition of everything in this folder.
 */
import type { FastifyInstance } from "fastify";
import type { AddressInfo } from "node:net";
import type { Policy, PolicySubject } from "../catalog/policy.ts";
import type { HttpConfig } from "../config/http-config.ts";
import type { Log } from "../log/log.ts";
import type { CallEvent } from "../mcp/tools/call-event.ts";
import { createRequestStateCodec } from "../mcp/modern/request-state.ts";
import type { Registry } from "../mcp/registry.ts";
import type { Credentials } from "../portkey/port.ts";
import { openAudit } from "./observability/audit.ts";
import { buildApp, type AppParts } from "./app.ts";
import { createAuth } from "./auth/create-auth.ts";
import { checkExposure } from "./auth/exposure.ts";
import { baseScopes } from "./auth/scopes.ts";
import type { OAuthProxy } from "./oauth-proxy/create-oauth-proxy.ts";
import type { RedisLink } from "./redis/link.ts";
import { countCalls } from "./observability/count-calls.ts";
import { createDrain } from "./status/drain.ts";
import type { LegacyEndpoint } from "./routes/legacy-endpoint.ts";
import { requireAudit } from "./observability/require-audit.ts";
import { createMetrics } from "./observability/metrics.ts";
import type { ReadSecret } from "./policy/policy-file.ts";
import { createHealth } from "./status/health.ts";
import { createReadiness } from "./status/readiness.ts";
import { stateSecret } from "./state-secret.ts";

export interface HttpServerParts extends Pick<
  AppParts,
  "recordsOf" | "timeouts" | "redis" | "trust" | "spentStates" | "unread"
> {
  readonly http: HttpConfig;
  /** The server's upper bound and its own Portkey keys. */
  readonly policy: Policy;
  readonly credentials: Credentials;
  readonly records: readonly PolicySubject[];
  readonly readSecret: ReadSecret;
  readonly log: Log;
  /** The registry to serve; `onCall` is to get each tool call once it has ended, for audit lines and metrics. */
  readonly registry: (onCall: (event: CallEvent) => void) => Registry;
  /** The endpoint of the legacy revisions over the registry it is given; closed with the server. */
  readonly legacy: (registry: Registry) => LegacyEndpoint;
  /** Where mode oauth-proxy keeps logins; absent: in memory. */
  readonly logins?: RedisLink;
  /** Resolves where Portkey can be reached; asked only where MCP_READY_CHECK_MODE is portkey. */
  readonly portkey?: (signal: AbortSignal) => Promise<void>;
}

/** A server that does not listen by itself: whoever hosts it hands it requests through `app`. */
export interface AssembledServer {
  readonly app: FastifyInstance;
  /** Drains and ends; safe to call again. */
  stop(): Promise<void>;
  /** Opens the audit's file again under its name, after it was moved away. */
  readonly reopenAudit: () => void;
}

export interface HttpServer extends AssembledServer {
  /** Where it listens: scheme, address and port. */
  readonly url: string;
}

/** Throws like `assembleHttp`, and where the address cannot be listened at. */
export async function startHttp(parts: HttpServerParts): Promise<HttpServer> {
  const { http, log } = parts;
  const server = await assembleHttp(parts);
  await server.app.listen({ host: http.host, port: http.port });
  const url = addressOf(server.app, http);
  log.write("info", "listening", { url });
  return { ...server, url };
}

/** Throws CONFIG where the policy file has mistakes or the server would be open to strangers by mistake. */
export async function assembleHttp(parts: HttpServerParts): Promise<AssembledServer> {
  const { http, log, portkey } = parts;
  for (const warning of checkExposure(http)) log.write("warn", warning);
  const proxy = await openOAuthProxy(parts);
  const warn = (message: string) => log.write("warn", message);
  const auth = createAuth({ ...parts, config: http, warn, ...(proxy && { ownTokens: proxy.verify }) });
  const metrics = createMetrics();
  const audit = openAudit(http.auditLog, {
    warn: (message) => log.write("warn", message),
    overflow: http.auditOverflow,
  });
  const registry = parts.registry((event) => {
    metrics.observeCall(event);
    audit.record(event);
  });
  const calls = countCalls(requireAudit(registry, audit), http.maxConcurrentCalls, http.callTimeoutMs);
  const legacy = parts.legacy(calls.registry);
  const drain = createDrain({ calls, legacy, timeoutMs: http.shutdownTimeoutMs, log });
  metrics.counter("mcp_lines_lost_total", "Lines that could not be written, of the log and the audit.", "of", () => ({
    audit: audit.lost(),
    log: log.lost?.() ?? 0,
  }));
  metrics.counter(
    "mcp_redis_dropped_total",
    "What was found in Redis that is not this server's.",
    "what",
    () => legacy.dropped?.() ?? {},
  );
  metrics.gauge("mcp_running_calls", "Tool calls that run now.", () => ({ all: calls.running() }), "of");
  metrics.gauge(
    "mcp_legacy",
    "Sessions, streams and stored events of the legacy revisions.",
    () => legacy.stats(),
    "of",
  );

  const health = createHealth({ registry, policy: parts.policy, log });
  const app = await buildApp({
    ...parts,
    registry: calls.registry,
    metrics,
    legacy,
    draining: drain.draining,
    authenticate: (request) => auth.authenticate(request),
    identify: (request) => auth.identify(request),
    requireScopes: (caller, records, request) => {
      try {
        auth.requireScopes(caller, records, request);
      } catch (refusal) {
        audit.refused(caller, records);
        throw refusal;
      }
    },
    registerMetadata: (instance) => {
      auth.registerMetadata(instance);
      proxy?.register(instance, auth.scopes);
    },
    scopes: auth.scopes,
    requestState: createRequestStateCodec(stateSecret(http, parts.credentials)),
    health: health.state,
    ready: createReadiness({
      withoutRedis: http.readyWithoutRedis,
      draining: drain.draining,
      ...(http.redis !== null && { redis: () => legacy.health() }),
      ...(http.readyCheckMode === "portkey" && portkey && { portkey }),
    }),
  });
  let stopped: Promise<void> | undefined;
  async function stop(): Promise<void> {
    await drain.stop(app);
    health.close();
    audit.close();
  }
  return { app, stop: () => (stopped ??= stop()), reopenAudit: audit.reopen };
}

/** Loaded only in its mode. */
async function openOAuthProxy(parts: HttpServerParts): Promise<OAuthProxy | undefined> {
  const { http, log, policy, credentials, logins } = parts;
  if (http.auth.mode !== "oauth-proxy" || http.publicBaseUrl === null) return undefined;
  const { createOAuthProxy } = await import("./oauth-proxy/create-oauth-proxy.ts");
  return createOAuthProxy({
    config: http.auth,
    publicBaseUrl: http.publicBaseUrl,
    secret: stateSecret(http, credentials),
    usualScopes: baseScopes(policy),
    log,
    ...(logins && { redis: logins }),
  });
}

function addressOf(app: FastifyInstance, { tls }: HttpConfig): string {
  const { address, port, family } = app.server.address() as AddressInfo;
  return `${tls === null ? "http" : "https"}://${family === "IPv6" ? `[${address}]` : address}:${port}`;
}
