/**
 * Everything the HTTP server is made of, from environment and command line; for whoever hosts it.
 */
import { calledRecords } from "../catalog/called-records.ts";
import { checkWith } from "../catalog/check-with.ts";
import { loadCatalogue } from "../catalog/load.ts";
import type { Catalogue } from "../catalog/lookup.ts";
import { loadConfig, refuse } from "../config/load-config.ts";
import { loadHttpConfig } from "../config/http.ts";
import { readSecret } from "../config/read-secret.ts";
import type { Source } from "../config/read-settings.ts";
import { PortkeyMcpError } from "../errors/errors.ts";
import { createLegacyEndpoint } from "../http/legacy/create-endpoint.ts";
import { sharedSecret } from "../http/state-secret.ts";
import { connectRedis } from "../http/redis/link.ts";
import { createRedisSpentStates } from "../http/redis/spent-states.ts";
import { createTrust } from "../http/redis/trust.ts";
import type { HttpServerParts } from "../http/start.ts";
import { createLog } from "../log/log.ts";
import { reachPortkey } from "../portkey/transport/reach.ts";
import { assembleRegistry } from "./assemble-registry.ts";
import { openTelemetry, withRecords } from "./open-telemetry.ts";
import { openUpstream } from "./open-upstream.ts";

export interface LoadedParts {
  readonly parts: HttpServerParts;
  /** Closes what the parts opened; after the server has ended. */
  close(): Promise<void>;
}

/** Throws CONFIG with a line for each mistake. */
export async function loadHttpParts(source: Source, sandbox: boolean): Promise<LoadedParts> {
  const catalogue = loadCatalogue();
  const { http, configured } = loadBoth(source, catalogue, sandbox);
  const { config, close } = await openUpstream(configured);
  const ownLog = createLog(configured.logLevel);
  const telemetry = await openTelemetry(source.env, ownLog);
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
    readSecret: (reference) => readSecret(reference, source.env),
    log,
    registry: (onCall) =>
      assembleRegistry({ config, catalogue, log, onCall, ...(telemetry && { observer: telemetry.observer }) }),
    legacy: (registry) =>
      createLegacyEndpoint({
        registry,
        http,
        log,
        trust,
        checkWith: (tool) => checkWith(catalogue, tool),
        ...(redis && { redis }),
      }),
    portkey: (signal) => reachPortkey(config.bases, signal, config.allowPrivateBase === true),
    ...(redis && { logins: redis }),
    ...(redis && { spentStates: createRedisSpentStates(redis) }),
    trust,
    ...(redis && http.rateLimit.store === "redis" && { redis }),
  };
  return {
    parts,
    async close() {
      await redis?.close();
      await close();
      await telemetry?.end();
    },
  };
}

/** Where the HTTP server's own settings have mistakes. */
const NO_HTTP = { policyFile: null };

/** Both configurations, with the mistakes of both. */
function loadBoth(source: Source, catalogue: Catalogue, sandbox: boolean) {
  const mistakes: string[] = [];
  const attempt = <Loaded>(load: () => Loaded): Loaded | undefined => {
    try {
      return load();
    } catch (error) {
      if (!(error instanceof PortkeyMcpError)) throw error;
      mistakes.push(...error.message.split("\n"));
      return undefined;
    }
  };
  const http = attempt(() => loadHttpConfig(source));
  const needsKey = http === undefined || http.credentials === "server";
  const configured = attempt(() => loadConfig(source, catalogue.records, { sandbox, needsKey, http: http ?? NO_HTTP }));
  refuse(mistakes);
  return { http: http as NonNullable<typeof http>, configured: configured as NonNullable<typeof configured> };
}
