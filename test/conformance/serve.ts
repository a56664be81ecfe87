/**
 * The HTTP server over the sandbox with the conformance suite's fixtures, on a free loopback port, with no Redis and no
 * authentication: the suite sends none.
 */
import { loadCatalogue } from "../main-catalogue.ts";
import { assembleRegistry } from "../../src/cli/assemble-registry.ts";
import { loadConfig } from "../../src/config/load-config.ts";
import { createLegacyEndpoint } from "../../src/http/legacy/create-endpoint.ts";
import type { HttpServer } from "../../src/http/server-parts.ts";
import { startHttp } from "../../src/http/start.ts";
import { silentLog as log } from "../../src/log/log.ts";
import { startSandbox } from "../../src/sandbox/start.ts";
import { httpConfig } from "../http/http-config.ts";
import { withFixtures } from "./with-fixtures.ts";

/** Starts it; `stop` ends the sandbox as well. */
export async function serveFixtures(): Promise<Pick<HttpServer, "url" | "stop">> {
  const catalogue = loadCatalogue();
  const sandbox = await startSandbox();
  const { bases, credentials } = sandbox;
  const config = {
    ...loadConfig({ env: {}, flags: {} }, catalogue.records, { sandbox: true, needsKey: false }),
    bases,
    credentials,
  };
  const http = httpConfig({
    eventStore: { kind: "memory", ttlSeconds: 60, maxEvents: 1_000, maxBytes: 1_000_000, encryptionKey: null },
  });
  const server = await startHttp({
    http,
    policy: config.policy,
    credentials,
    records: catalogue.records,
    readSecret: () => undefined,
    log,
    registry: (onCall) => withFixtures(assembleRegistry({ config, catalogue, log, onCall })),
    legacy: (registry) => createLegacyEndpoint({ registry, http, log }),
  });
  return {
    url: server.url,
    stop: async () => {
      await server.stop();
      await sandbox.close();
    },
  };
}
