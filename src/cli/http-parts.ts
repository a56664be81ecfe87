/** Loads the parts of the HTTP server from environment and command line, for its different hosts. */
import { calledRecords } from "../catalog/called-records.ts";
import { findCheckTool } from "../catalog/check-with.ts";
import type { Catalogue } from "../catalog/lookup.ts";
import type { Config } from "../config/config.ts";
import { editionOf } from "../config/editions.ts";
import type { HttpConfig } from "../config/http-config.ts";
import { readSecret } from "../config/read-secret.ts";
import type { Source } from "../config/read-settings.ts";
import { placeNames } from "../http/audit/audit.ts";
import { createLegacyEndpoint } from "../http/legacy/create-endpoint.ts";
import { sharedSecret } from "../http/state-secret.ts";
import { connectRedis, type RedisLink } from "../http/redis/link.ts";
import { createRedisSpentStates } from "../http/redis/spent-states.ts";
import { createTrust, type Trust } from "../http/redis/trust.ts";
import type { HttpServerParts, Renewal } from "../http/server-parts.ts";
import { createLog, type Log } from "../log/log.ts";
import { reachPortkey } from "../portkey/transport/reach.ts";
import type { Telemetry } from "../telemetry/telemetry.ts";
import { loadChosenEdition } from "../config/chosen-edition.ts";
import { assembleRegistry } from "./assemble-registry.ts";
import { loadBoth } from "./reload/load-both.ts";
import { openTelemetry, withRecords } from "./open-telemetry.ts";
import { VERSION } from "./version.ts";
import { openUpstream } from "./open-upstream.ts";
import { noteFiles, type FileNotes } from "./reload/file-notes.ts";

export interface LoadedParts {
  readonly parts: HttpServerParts;
  /** The files that settings were read from. */
  readonly notes: FileNotes;
  /** Reads what may change while the server runs. Throws CONFIG with a line for each mistake. */
  readonly load: (source: Source) => Renewal;
  /** Sends buffered telemetry, within a time limit: for hosts that suspend the process between requests. */
  flush(): Promise<void>;
  /** Closes what the parts have opened. Call it after the server has stopped. */
  close(): Promise<void>;
}

/** Throws CONFIG with a line for each mistake. */
export async function loadHttpParts(source: Source, sandbox: boolean): Promise<LoadedParts> {
  const catalogue = await loadChosenEdition(source);
  const notes = noteFiles(source);
  const load = (from: Source) => loadBoth(from, catalogue, sandbox);
  const { http, configured } = load(notes.source);
  const upstream = await openUpstream(configured);
  const { config } = upstream;
  const { log, telemetry } = await openLog(source, http, configured);
  const redis = await openRedis(http, log);
  const opened: Opened = { http, config, catalogue, log, telemetry, redis, trust: trustOf(http, config, log) };
  return {
    parts: { ...serverParts(opened), readSecret: createSecretReader(notes, source) },
    notes,
    load: (from) => {
      const loaded = load(from);
      return { http: loaded.http, credentials: sandbox ? config.credentials : loaded.configured.credentials };
    },
    async flush() {
      await telemetry?.flush();
    },
    async close() {
      await redis?.close();
      await upstream.close();
      await telemetry?.end();
    },
  };
}

/** Opens the log, which also goes to telemetry where that is on, and writes the warnings about settings. */
async function openLog({ env }: Source, http: HttpConfig, configured: Config) {
  const ownLog = createLog(configured.logLevel);
  const telemetry = await openTelemetry(env, ownLog, placeNames(http.auditLog).includes("otlp"));
  const log = withRecords(ownLog, configured.logLevel, telemetry?.record);
  for (const warning of [...(http.warnings ?? []), ...(configured.warnings ?? [])]) log.write("warn", warning);
  return { log, telemetry };
}

/** How long the start waits for Redis, so that it is connected when the first requests come. */
const REDIS_WAIT_MS = 2_000;

async function openRedis(http: HttpConfig, log: Log): Promise<RedisLink | undefined> {
  if (http.redis === null) return undefined;
  const redis = connectRedis(http.redis, log);
  await redis.waitUntilAvailable(REDIS_WAIT_MS);
  return redis;
}

function trustOf(http: HttpConfig, config: Config, log: Log): Trust {
  const { encryptionKey } = http.eventStore;
  return createTrust({ encryptionKey, secret: sharedSecret(http, config.credentials), log });
}

/** What has been opened before the server is created. */
interface Opened {
  readonly http: HttpConfig;
  readonly config: Config;
  readonly catalogue: Catalogue;
  readonly log: Log;
  readonly telemetry: Telemetry | undefined;
  readonly redis: RedisLink | undefined;
  readonly trust: Trust;
}

function serverParts(opened: Opened): Omit<HttpServerParts, "readSecret"> {
  const { http, config, catalogue, log, telemetry, redis, trust } = opened;
  const { policy, credentials } = config;
  return {
    http,
    policy,
    credentials,
    records: catalogue.records,
    recordsOf: (tool, args) => calledRecords(catalogue, tool, args),
    log,
    version: VERSION,
    auditToCollector: telemetry?.sendAudit,
    registry: (onCall, onRequest) => {
      const observer = telemetry && { observer: telemetry.observer };
      return assembleRegistry({ config, catalogue, log, onCall, onRequest, ...observer });
    },
    legacy: (registry) => {
      const ownCheck = (tool: string) => findCheckTool(catalogue, tool);
      return createLegacyEndpoint({ registry, http, log, trust, checkWith: ownCheck, ...(redis && { redis }) });
    },
    portkey: (signal) => reachBases(config, signal),
    trust,
    ...(redis && { logins: redis, spentStates: createRedisSpentStates(redis) }),
    ...(redis && http.rateLimit.store === "redis" && { redis }),
  };
}

/** Returns a function for the secrets that a policy file refers to, which notes their files for reloading. */
function createSecretReader(notes: FileNotes, { env }: Source): HttpServerParts["readSecret"] {
  return (reference) => {
    if ("file" in reference) notes.source.onFile?.("MCP_POLICY_FILE", reference.file);
    return readSecret(reference, env);
  };
}

/** Resolves where the API answers, and so does the issuer of its tokens, if there is one. */
async function reachBases(config: Config, signal: AbortSignal): Promise<void> {
  const { bases, tokenUrl, allowPrivateBase = false } = config;
  const { product } = editionOf(config);
  const addresses = tokenUrl === undefined ? [bases.control] : [bases.control, tokenUrl];
  await Promise.all(addresses.map((control) => reachPortkey({ control }, signal, allowPrivateBase, product)));
}
