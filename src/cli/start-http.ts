/**
 * The command `http`: serves many clients over HTTP. Everything that only HTTP needs is loaded from here.
 */
import { calledRecords } from "../catalog/called-records.ts";
import { checkWith } from "../catalog/check-with.ts";
import { loadCatalogue } from "../catalog/load.ts";
import type { Catalogue } from "../catalog/lookup.ts";
import { loadConfig, refuse } from "../config/load-config.ts";
import type { HttpConfig } from "../config/http-config.ts";
import { loadHttpConfig } from "../config/http.ts";
import { readSecret } from "../config/read-secret.ts";
import type { Source } from "../config/read-settings.ts";
import { PortkeyMcpError } from "../errors/errors.ts";
import { createLegacyEndpoint } from "../http/legacy/create-endpoint.ts";
import { connectRedis } from "../http/redis/link.ts";
import { startHttp } from "../http/start.ts";
import { createLog } from "../log/log.ts";
import { reachPortkey } from "../portkey/reach.ts";
import { assembleRegistry, logDefect } from "./assemble-registry.ts";
import type { CommandLine } from "./command-line.ts";
import { withSandbox } from "./start-stdio.ts";

/** Serves until SIGTERM or SIGINT, then drains and ends the process. */
export async function startHttpServer(source: Source, line: CommandLine): Promise<void> {
  const catalogue = loadCatalogue();
  const { http, configured } = loadBoth(source, catalogue, line.switches.has("sandbox"));
  const log = createLog(configured.logLevel);
  const { config, close } = await withSandbox(configured);
  const redis = http.redis === null ? undefined : connectRedis(http.redis, log);

  const server = await startHttp({
    http,
    policy: config.policy,
    credentials: config.credentials,
    records: catalogue.records,
    recordsOf: (tool, args) => calledRecords(catalogue, tool, args),
    readSecret: (reference) => readSecret(reference, source.env),
    log,
    registry: (onCall) => assembleRegistry({ config, catalogue, log, onCall }),
    legacy: (registry) => createLegacyEndpoint({ registry, http, log, checkWith: (tool) => checkWith(catalogue, tool), ...(redis && { redis }) }),
    portkey: (signal) => reachPortkey(config.bases, signal),
    ...(redis && http.rateLimit.store === "redis" && { redis: redis.client }),
  }).catch((error: unknown) => {
    throw asListenError(error, http);
  });

  const stop = async () => {
    try {
      await server.stop();
      await redis?.close();
      await close();
    } catch (error) {
      logDefect(log, error, "stopping");
    }
    await log.flush();
    process.exit();
  };
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => void stop());
  process.on("SIGHUP", () => server.reopenAudit());
  process.on("unhandledRejection", (error) => logDefect(log, error, "unhandled rejection"));
}

const LISTEN_ERRORS: Readonly<Record<string, string>> = {
  EADDRINUSE: "is in use by another process",
  EADDRNOTAVAIL: "is no address of this machine",
  EACCES: "needs more rights than this process has",
  ENOTFOUND: "is no host that is known here",
};

function asListenError(error: unknown, { host, port }: HttpConfig): unknown {
  const reason = LISTEN_ERRORS[(error as NodeJS.ErrnoException).code ?? ""];
  return reason === undefined ? error : new PortkeyMcpError("CONFIG", `MCP_HOST and MCP_PORT: ${host}:${port} ${reason}.`, {}, { cause: error });
}

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
  const configured = attempt(() => loadConfig(source, catalogue.records, { sandbox, needsKey }));
  refuse(mistakes);
  return { http: http as NonNullable<typeof http>, configured: configured as NonNullable<typeof configured> };
}
