/**
 * Everything the HTTP server is made of, from environment and command line; for whoever hosts it.
 */
import { calledRecords } from "../catalog/called-records.ts";
import { checkWith } from "../catalog/check-with.ts";
import { editionOf } from "../config/editions.ts";
import { readSecret } from "../config/read-secret.ts";
import type { Source } from "../config/read-settings.ts";
import { placeNames } from "../http/audit/audit.ts";
import { createLegacyEndpoint } from "../http/legacy/create-endpoint.ts";
import { sharedSecret } from "../http/state-secret.ts";
import { connectRedis } from "../http/redis/link.ts";
import { createRedisSpentStates } from "../http/redis/spent-states.ts";
import { createTrust } from "../http/redis/trust.ts";
import type { HttpServerParts, Renewal } from "../http/start.ts";
import { createLog } from "../log/log.ts";
import { reachPortkey } from "../portkey/transport/reach.ts";
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
  /** Sends what telemetry has, within bounds: before a host lets the process stand still. */
  flush(): Promise<void>;
  /** Closes what the parts opened; after the server has ended. */
  close(): Promise<void>;
}

/** Throws CONFIG with a line for each mistake. */
export async function loadHttpParts(source: Source, sandbox: boolean): Promise<LoadedParts> {
  const catalogue = await loadChosenEdition(source);
  const notes = noteFiles(source);
  const load = (from: Source) => loadBoth(from, catalogue, sandbox);
  const { http, configured } = load(notes.source);
  const { config, close } = await openUpstream(configured);
  const ownLog = createLog(configured.logLevel);
  const telemetry = await openTelemetry(source.env, ownLog, placeNames(http.auditLog).includes("otlp"));
  const log = withRecords(ownLog, configured.logLevel, telemetry?.record);
  for (const warning of [...(http.warnings ?? []), ...(configured.warnings ?? [])]) log.write("warn", warning);
  const redis = http.redis === null ? undefined : connectRedis(http.redis, log);
  // The first requests find it connected; where it cannot be reached, the start does not wait longer.
  await redis?.waitUntilAvailable(2_000);

  const trust = createTrust({
    encryptionKey: http.eventStore.encryptionKey,
    secret: sharedSecret(http, config.credentials),
    log,
  });
  const parts: HttpServerParts = {
    http,
    policy: config.policy,
    credentials: config.credentials,
    records: catalogue.records,
    recordsOf: (tool, args) => calledRecords(catalogue, tool, args),
    readSecret: (reference) => {
      if ("file" in reference) notes.source.onFile?.("MCP_POLICY_FILE", reference.file);
      return readSecret(reference, source.env);
    },
    log,
    version: VERSION,
    auditToCollector: telemetry?.sendAudit,
    registry: (onCall, onRequest) =>
      assembleRegistry({
        config,
        catalogue,
        log,
        onCall,
        onRequest,
        ...(telemetry && { observer: telemetry.observer }),
      }),
    legacy: (registry) =>
      createLegacyEndpoint({
        registry,
        http,
        log,
        trust,
        checkWith: (tool) => checkWith(catalogue, tool),
        ...(redis && { redis }),
      }),
    portkey: async (signal) => {
      const { bases, tokenUrl, allowPrivateBase } = config;
      const { product } = editionOf(config);
      const addresses = [bases.control, ...(tokenUrl === undefined ? [] : [tokenUrl])];
      await Promise.all(
        addresses.map((control) => reachPortkey({ control }, signal, allowPrivateBase === true, product)),
      );
    },
    ...(redis && { logins: redis }),
    ...(redis && { spentStates: createRedisSpentStates(redis) }),
    trust,
    ...(redis && http.rateLimit.store === "redis" && { redis }),
  };
  return {
    parts,
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
      await close();
      await telemetry?.end();
    },
  };
}
