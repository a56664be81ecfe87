/**
 * The HTTP server from its configuration and a registry: the composition of everything in this folder.
 */
import type { FastifyInstance } from "fastify";
import type { AddressInfo } from "node:net";
import type { Server as TlsServer } from "node:tls";
import type { Policy, PolicySubject } from "../catalog/policy.ts";
import type { HttpConfig } from "../config/http-config.ts";
import { metricsAddress } from "../config/http/metrics.ts";
import type { Log } from "../log/log.ts";
import type { CallEvent } from "../mcp/tools/call-event.ts";
import { createRequestStateCodec } from "../mcp/modern/request-state.ts";
import type { Registry } from "../mcp/registry.ts";
import type { Credentials } from "../portkey/port.ts";
import type { TimedRequest } from "../portkey/transport/timed-send.ts";
import { openAudit } from "./audit/audit.ts";
import type { Deliver } from "./audit/remote-sink.ts";
import { buildApp, type AppParts } from "./app.ts";
import { secureOptions } from "./base-app.ts";
import { createRenewableAuth, type RenewableAuth } from "./policy/renewable-auth.ts";
import { checkExposure } from "./auth/exposure.ts";
import { baseScopes } from "./auth/scopes.ts";
import type { OAuthProxy } from "./oauth-proxy/create-oauth-proxy.ts";
import type { RedisLink } from "./redis/link.ts";
import { countCalls } from "./observability/count-calls.ts";
import { createDrain } from "./status/drain.ts";
import type { LegacyEndpoint } from "./routes/legacy-endpoint.ts";
import { requireAudit } from "./audit/require-audit.ts";
import { asListenError } from "./listen-error.ts";
import { countWhatOthersKeep, type ReloadCounts } from "./observability/kept-numbers.ts";
import { createMetricsAccess, type MetricsAccess } from "./observability/metrics-access.ts";
import { createMetricsApp } from "./observability/metrics-app.ts";
import { createMetrics } from "./observability/metrics.ts";
import { preflight } from "./preflight.ts";
import type { ReadSecret } from "./policy/policy-file-context.ts";
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
  /**
   * The registry to serve; `onCall` is to get each tool call once it has ended, for audit lines and metrics, and
   * `onRequest` each request to Portkey.
   */
  readonly registry: (onCall: (event: CallEvent) => void, onRequest: (request: TimedRequest) => void) => Registry;
  /** The endpoint of the legacy revisions over the registry it is given; closed with the server. */
  readonly legacy: (registry: Registry) => LegacyEndpoint;
  /** Where mode oauth-proxy keeps logins; absent: in memory. */
  readonly logins?: RedisLink;
  /** How long a server that stops serves on while /ready says no; absent: not at all. */
  readonly graceMs?: number;
  /** How reading the settings' files again went, for the metrics; absent: it is not done. */
  readonly reloads?: () => ReloadCounts;
  /** This server's version, for OCSF. */
  readonly version?: string;
  /** Sends audit lines to a collector; absent where telemetry's settings lead to none. */
  readonly auditToCollector?: Deliver | undefined;
  /** Resolves where Portkey can be reached; asked only where MCP_READY_CHECK_MODE is portkey. */
  readonly portkey?: (signal: AbortSignal) => Promise<void>;
}

/** What may change while the server runs: who may call, with which keys, and the certificate. */
export interface Renewal {
  readonly http: HttpConfig;
  readonly credentials: Credentials;
}

/** A server that does not listen by itself: whoever hosts it hands it requests through `app`. */
export interface AssembledServer {
  readonly app: FastifyInstance;
  /** For the port that only /metrics has, where there is one. */
  readonly metricsApp: FastifyInstance | undefined;
  /** Drains and ends; safe to call again. */
  stop(): Promise<void>;
  /** Ends the grace in which a server that stops serves on. */
  hurry(): void;
  /** Delivers the lines of the audit that wait, within bounds: before a host lets the process stand still. */
  readonly flushAudit: () => Promise<void>;
  /** Opens the audit's file again under its name, after it was moved away. */
  readonly reopenAudit: () => void;
  /** All of it or nothing, for the requests to come. Throws CONFIG, as the start does. */
  readonly renew: (renewal: Renewal) => void;
}

export interface HttpServer extends AssembledServer {
  /** Where it listens: scheme, address and port. */
  readonly url: string;
  /** Where only /metrics is served; undefined: beside the rest. */
  readonly metricsUrl: string | undefined;
}

/** Throws CONFIG like `assembleHttp`, and where the address cannot be listened at. */
export async function startHttp(parts: HttpServerParts): Promise<HttpServer> {
  const { http, log } = parts;
  const server = await assembleHttp(parts);
  try {
    const url = await listen(server.app, http, "MCP_HOST and MCP_PORT");
    const metricsUrl = await listenForMetrics(server.metricsApp, http);
    log.write("info", "listening", { url, ...(metricsUrl !== undefined && { metrics: metricsUrl }) });
    return { ...server, url, metricsUrl };
  } catch (error) {
    server.hurry();
    await server.stop();
    throw error;
  }
}

/** Gives the address. Throws CONFIG with the names of its settings where it cannot be listened at. */
async function listen(app: FastifyInstance, http: HttpConfig, names: string): Promise<string> {
  const { host, port } = http;
  await app.listen({ host, port }).catch((error: unknown) => {
    throw asListenError(error, names, http);
  });
  return addressOf(app, http);
}

async function listenForMetrics(app: FastifyInstance | undefined, http: HttpConfig): Promise<string | undefined> {
  const address = metricsAddress(http);
  if (app === undefined || address === undefined) return undefined;
  return listen(app, { ...http, ...address }, "MCP_METRICS_HOST and MCP_METRICS_PORT");
}

/** Throws CONFIG as `preflight` does. */
export async function assembleHttp(parts: HttpServerParts): Promise<AssembledServer> {
  const { http, log, portkey } = parts;
  const collector = parts.auditToCollector !== undefined;
  for (const warning of preflight({ ...parts, config: http, collector })) log.write("warn", warning);
  const proxy = await openOAuthProxy(parts);
  const warn = (message: string) => log.write("warn", message);
  const auth = createRenewableAuth({ ...parts, config: http, warn, ...(proxy && { ownTokens: proxy.verify }) });
  const metrics = createMetrics();
  const audit = openAudit(http.auditLog, {
    warn: (message) => log.write("warn", message),
    overflow: http.auditOverflow,
    ...http.audit,
    ...(parts.version !== undefined && { version: parts.version }),
    toCollector: parts.auditToCollector,
  });
  const registry = parts.registry(
    (event) => {
      metrics.observeCall(event);
      audit.record(event);
    },
    (request) => metrics.observePortkey(request),
  );
  const calls = countCalls(requireAudit(registry, audit), http.maxConcurrentCalls, http.callTimeoutMs);
  const legacy = parts.legacy(calls.registry);
  const late = new Set<unknown>();
  const drain = createDrain({
    calls,
    legacy,
    timeoutMs: http.shutdownTimeoutMs,
    graceMs: parts.graceMs ?? 0,
    late,
    log,
  });
  countWhatOthersKeep(metrics, { ...parts, audit, calls, legacy });
  const ownAddress = metricsAddress(http);
  const access = createMetricsAccess(http.metrics?.token ?? null, async (request) =>
    ownAddress === undefined ? auth.identify(request) : undefined,
  );
  const metricsApp =
    ownAddress === undefined ? undefined : await createMetricsApp(ownAddress.host, { http, log, metrics, access });

  const health = createHealth({ registry, policy: parts.policy, log });
  const app = await buildApp({
    ...parts,
    registry: calls.registry,
    metrics,
    legacy,
    draining: drain.draining,
    refusing: drain.refusing,
    late,
    authenticate: (request) => auth.authenticate(request),
    ...(metricsApp === undefined && { metricsAccess: access }),
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
    get scopes() {
      return auth.scopes;
    },
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
    await metricsApp?.close();
    await audit.close();
  }
  return {
    app,
    metricsApp,
    stop: () => (stopped ??= stop()),
    hurry: drain.hurry,
    flushAudit: audit.flush,
    reopenAudit: audit.reopen,
    renew: renewer([app, metricsApp], auth, { ...parts, proxy, access }),
  };
}

interface RenewedParts extends HttpServerParts {
  readonly proxy: OAuthProxy | undefined;
  readonly access: MetricsAccess;
}

function renewer(
  apps: readonly (FastifyInstance | undefined)[],
  auth: RenewableAuth,
  { http: first, log, proxy, access }: RenewedParts,
): AssembledServer["renew"] {
  const said = new Set([...(first.warnings ?? []), ...checkExposure(first)]);
  return ({ http, credentials }) => {
    const exposed = checkExposure(http);
    const next = auth.prepare(http, credentials);
    for (const warning of [...(http.warnings ?? []), ...exposed, ...laterOnly(first, http)]) {
      if (!said.has(warning)) log.write("warn", warning);
      said.add(warning);
    }
    for (const { server } of apps.filter((app) => app !== undefined)) {
      if (http.tls !== null && "setSecureContext" in server)
        (server as unknown as TlsServer).setSecureContext(secureOptions(http.tls));
    }
    access.renew(http.metrics?.token ?? null);
    if (http.auth.mode === "oauth-proxy") proxy?.renew(http.auth);
    next.use();
  };
}

/** What was changed and counts from the next start on. */
function laterOnly(first: HttpConfig, next: HttpConfig): string[] {
  const keys = [first, next].map(({ eventStore: { encryptionKey } }) =>
    Buffer.from(encryptionKey ?? []).toString("hex"),
  );
  const changed = [
    ...(first.redis?.url === next.redis?.url ? [] : ["MCP_REDIS_URL"]),
    ...(keys[0] === keys[1] ? [] : ["MCP_EVENT_ENCRYPTION_KEY"]),
    ...(first.audit?.chain === next.audit?.chain ? [] : ["MCP_AUDIT_CHAIN_KEY"]),
    ...(webhookOf(first) === webhookOf(next) ? [] : ["MCP_AUDIT_WEBHOOK_URL or its secret"]),
  ];
  return changed.map((name) => `${name} has changed, and counts from the next start on.`);
}

function webhookOf({ audit }: HttpConfig): string {
  const { url, secret } = audit?.webhook ?? {};
  return `${url} ${Buffer.from(secret ?? []).toString("hex")}`;
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
