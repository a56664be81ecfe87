/**
 * The whole server on a real socket: the app, the registry of this build, the real client of Portkey's API, a fake
 * upstream.
 */
import { createPolicy } from "../../../src/catalog/create-policy.ts";
import { loadCatalogue } from "../../main-catalogue.ts";
import { assembleRegistry } from "../../../src/cli/assemble-registry.ts";
import type { HttpConfig } from "../../../src/config/http-config.ts";
import { createLegacyEndpoint } from "../../../src/http/legacy/create-endpoint.ts";
import { connectRedis } from "../../../src/http/redis/link.ts";
import type { HttpServer } from "../../../src/http/server-parts.ts";
import { startHttp } from "../../../src/http/start.ts";
import { silentLog, type Log } from "../../../src/log/log.ts";
import { HTTP_CONFIG } from "../http-config.ts";
import { startFakePortkey, type FakePortkey } from "./fake-portkey.ts";
import type { Received } from "../../portkey/upstream.ts";

export interface Served extends HttpServer {
  readonly portkey: FakePortkey;
}

export interface ServedOptions {
  readonly answer?: (request: Received) => unknown;
  readonly status?: () => number;
  readonly log?: Log;
  readonly env?: Readonly<Record<string, string>>;
}

/** Settings of the registry that no test changes. */
const BUILD = {
  timeoutMs: 5_000,
  maxRetries: 0,
  maxResultBytes: 40_000,
  unknownFields: "send",
  sandbox: false,
  logLevel: "silent",
  composites: {},
} as const;

/** Starts the whole server before a Portkey that answers as `answer` says. */
export async function serve(
  changes: Partial<HttpConfig>,
  { answer = () => ({ data: [] }), status, log = silentLog, env = {} }: ServedOptions = {},
): Promise<Served> {
  const http: HttpConfig = { ...HTTP_CONFIG, ...changes };
  const portkey = await startFakePortkey(answer, status);
  const catalogue = loadCatalogue();
  const credentials = { workspaceKey: "pk-server-workspace", adminKey: "pk-server-admin" };
  const policy = createPolicy();
  const redis = await redisOf(http, log);
  const config = { ...BUILD, bases: portkey.bases, credentials, policy };
  const server = await startHttp({
    http,
    policy,
    credentials,
    records: catalogue.records,
    readSecret: (reference) => ("env" in reference ? env[reference.env] : undefined),
    log,
    recordsOf: (tool) => [catalogue.find(tool)?.record ?? []].flat(),
    registry: (onCall) => assembleRegistry({ config, catalogue, log, onCall }),
    legacy: (registry) => createLegacyEndpoint({ registry, http, log, ...(redis && { redis }) }),
    ...(redis && { logins: redis }),
  });
  return {
    ...server,
    portkey,
    stop: async () => {
      await server.stop();
      await redis?.close();
      await portkey.close();
    },
  };
}

/** The Redis that the settings name, once it answers. */
async function redisOf({ redis }: HttpConfig, log: Log) {
  if (redis === null) return undefined;
  const link = connectRedis(redis, log, { commandMs: 5_000 });
  await link.waitUntilAvailable(5_000);
  return link;
}
