/** Creates the HTTP server, which does not listen yet, from its configuration and a registry. */
import type { FastifyInstance } from "fastify";
import { metricsAddress } from "../config/http/metrics.ts";
import { createRequestStateCodec } from "../mcp/modern/request-state.ts";
import { buildApp, type AppParts } from "./app.ts";
import { openAudit, type Audit } from "./audit/audit.ts";
import { requireAudit } from "./audit/require-audit.ts";
import type { OAuthProxy } from "./oauth-proxy/create-oauth-proxy.ts";
import { openOAuthProxy } from "./oauth-proxy/open-oauth-proxy.ts";
import { countCalls, type RunningCalls } from "./observability/count-calls.ts";
import { collectServerState } from "./observability/server-state.ts";
import { createMetricsAccess, type MetricsAccess } from "./observability/metrics-access.ts";
import { createMetricsApp } from "./observability/metrics-app.ts";
import { createMetrics, type Metrics } from "./observability/metrics.ts";
import { createRenewableAuth, type RenewableAuth } from "./policy/renewable-auth.ts";
import { preflight } from "./preflight.ts";
import { createRenewal } from "./renewal.ts";
import type { LegacyEndpoint } from "./routes/legacy-endpoint.ts";
import type { AssembledServer, HttpServerParts } from "./server-parts.ts";
import { stateSecret } from "./state-secret.ts";
import { createDrain, type Drain } from "./status/drain.ts";
import { createHealth } from "./status/health.ts";
import { createReadiness, type Readiness } from "./status/readiness.ts";

/** Throws CONFIG as `preflight` does. */
export async function assembleHttp(parts: HttpServerParts): Promise<AssembledServer> {
  const { http, log } = parts;
  checkStart(parts);
  const proxy = await openOAuthProxy(parts);
  const auth = openAuth(parts, proxy);
  const { metrics, access, metricsApp } = await openMetrics(parts, auth);
  const audit = openServerAudit(parts);
  const calls = recordCalls(parts, metrics, audit);
  const legacy = parts.legacy(calls.registry);
  const drain = openDrain(parts, calls, legacy);
  collectServerState(metrics, { ...parts, audit, calls, legacy });
  const health = createHealth({ registry: calls.registry, policy: parts.policy, log });
  const app = await buildApp({
    ...parts,
    ...drain,
    ...callerChecks(auth, audit, proxy),
    registry: calls.registry,
    metrics,
    legacy,
    ...(metricsApp === undefined && { metricsAccess: access }),
    requestState: createRequestStateCodec(stateSecret(http, parts.credentials)),
    health: health.state,
    ready: readiness(parts, legacy, drain),
  });
  async function stop(): Promise<void> {
    await drain.stop(app);
    health.close();
    await metricsApp?.close();
    await audit.close();
  }
  return {
    app,
    metricsApp,
    stop: once(stop),
    hurry: drain.hurry,
    flushAudit: audit.flush,
    reopenAudit: audit.reopen,
    renew: createRenewal({ http, log, apps: [app, metricsApp], auth, proxy, access }),
  };
}

/** Logs the warnings of `preflight`. Throws CONFIG as it does. */
function checkStart(parts: HttpServerParts): void {
  const collector = parts.auditToCollector !== undefined;
  for (const warning of preflight({ ...parts, config: parts.http, collector })) parts.log.write("warn", warning);
}

function openAuth(parts: HttpServerParts, proxy: OAuthProxy | undefined): RenewableAuth {
  const warn = (message: string) => parts.log.write("warn", message);
  return createRenewableAuth({ ...parts, config: parts.http, warn, ...(proxy && { ownTokens: proxy.verify }) });
}

function openServerAudit({ http, log, version, auditToCollector }: HttpServerParts): Audit {
  return openAudit(http.auditLog, {
    warn: (message) => log.write("warn", message),
    overflow: http.auditOverflow,
    ...http.audit,
    ...(version !== undefined && { version }),
    toCollector: auditToCollector,
  });
}

/** Creates the registry with calls that are measured, audited, counted and limited. */
function recordCalls({ http, registry: create }: HttpServerParts, metrics: Metrics, audit: Audit): RunningCalls {
  const registry = create(
    (event) => {
      metrics.observeCall(event);
      audit.record(event);
    },
    (request) => metrics.observePortkey(request),
  );
  return countCalls(requireAudit(registry, audit), http.maxConcurrentCalls, http.callTimeoutMs);
}

function openDrain({ http, log, graceMs = 0 }: HttpServerParts, calls: RunningCalls, legacy: LegacyEndpoint): Drain {
  return createDrain({ calls, legacy, timeoutMs: http.shutdownTimeoutMs, graceMs, log });
}

interface OpenMetrics {
  readonly metrics: Metrics;
  readonly access: MetricsAccess;
  /** Undefined: the main app serves /metrics. */
  readonly metricsApp: FastifyInstance | undefined;
}

/** On a port of its own, /metrics requires only its own token, where one is set. */
async function openMetrics({ http, log }: HttpServerParts, auth: RenewableAuth): Promise<OpenMetrics> {
  const metrics = createMetrics();
  const address = metricsAddress(http);
  const access = createMetricsAccess(http.metrics?.token ?? null, async (request) =>
    address === undefined ? auth.identify(request) : undefined,
  );
  const metricsApp = address && (await createMetricsApp(address.host, { http, log, metrics, access }));
  return { metrics, access, metricsApp };
}

type CallerChecks = Pick<AppParts, "authenticate" | "requireScopes" | "registerMetadata" | "scopes">;

/** The checks of callers that the routes use. A refusal for missing scopes is audited. */
function callerChecks(auth: RenewableAuth, audit: Audit, proxy: OAuthProxy | undefined): CallerChecks {
  return {
    authenticate: (request) => auth.authenticate(request),
    requireScopes: (caller, records, request) => {
      try {
        auth.requireScopes(caller, records, request);
      } catch (refusal) {
        audit.recordRefused(caller, records);
        throw refusal;
      }
    },
    registerMetadata: (instance) => {
      auth.registerMetadata(instance);
      proxy?.register(instance, auth.scopes);
    },
    scopes: () => auth.scopes,
  };
}

function readiness({ http, portkey }: HttpServerParts, legacy: LegacyEndpoint, drain: Drain): () => Promise<Readiness> {
  return createReadiness({
    withoutRedis: http.readyWithoutRedis,
    draining: drain.draining,
    ...(http.redis !== null && { redis: () => legacy.health() }),
    ...(http.readyCheckMode === "portkey" && portkey && { portkey }),
  });
}

function once<Made>(make: () => Promise<Made>): () => Promise<Made> {
  let made: Promise<Made> | undefined;
  return () => (made ??= make());
}
