/**
 * One server process of the chaos test: the whole HTTP server over a registry of one tool, which reports as often as it
 * is told to and writes down that it ran. Says where it listens on stdout.
 */
import { appendFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import type { HttpConfig } from "../../src/config/http-config.ts";
import { createLegacyEndpoint } from "../../src/http/legacy/create-endpoint.ts";
import { connectRedis, type RedisLink } from "../../src/http/redis/link.ts";
import { startHttp } from "../../src/http/start.ts";
import { createLog } from "../../src/log/log.ts";
import { httpConfig } from "../http/http-config.ts";
import { fakeRegistry, POLICY, text, type Behaviour } from "../mcp-adapters/fake-registry.ts";

export interface InstanceSettings {
  readonly redisUrl: string;
  readonly port: number;
  /** The file that each run of the tool is written to. */
  readonly runs: string;
  readonly heartbeatMs: number;
  readonly leaseMs: number;
  readonly keepAliveMs: number;
  readonly commandMs: number;
}

/** What instances with the same settings share: by it they know each other's records in Redis. */
const SHARED_SECRET = new TextEncoder().encode("the settings of every instance of this run");

async function main(settings: InstanceSettings): Promise<void> {
  const log = createLog(process.env["LOG_LEVEL"] ?? "error");
  const http = httpOf(settings);
  const redis = connectRedis({ url: settings.redisUrl, keyPrefix: "chaos" }, log, {
    commandMs: settings.commandMs,
    probeMs: 50,
  });
  await redis.waitUntilAvailable(2_000);
  const registry = fakeRegistry({ stream: streamTool(settings.runs) });
  const timing = { ...settings, retryMs: 50 };
  const shared = { http, log, redis, secret: SHARED_SECRET, checkWith: () => "get_stream", timing };
  const server = await startHttp({
    http,
    log,
    policy: POLICY,
    credentials: {},
    records: [],
    readSecret: () => undefined,
    registry: () => registry,
    legacy: (counted) => createLegacyEndpoint({ ...shared, registry: counted }),
  });
  process.once("SIGTERM", () => void stop(server, redis));
  process.stdout.write(`${server.url}\n`);
}

function httpOf({ port, redisUrl }: InstanceSettings): HttpConfig {
  return httpConfig({
    port,
    maxSessions: 10_000,
    maxConcurrentCalls: 1_000,
    redis: { url: redisUrl, keyPrefix: "chaos" },
    eventStore: { kind: "redis", ttlSeconds: 600, maxEvents: 0, maxBytes: 16_000_000, encryptionKey: null },
  });
}

/** The tool: writes its run into the file `runs`, and reports `count` times. */
function streamTool(runs: string): Behaviour {
  return async ({ name, count, delayMs }, link) => {
    appendFileSync(runs, `${name as string}\n`);
    for (let step = 1; step <= (count as number); step += 1) {
      await delay((delayMs as number) * (0.5 + Math.random()));
      link.progress?.(step, count as number);
    }
    return text({ name, count });
  };
}

async function stop(server: Awaited<ReturnType<typeof startHttp>>, redis: RedisLink): Promise<void> {
  await server.stop();
  await redis.close();
  process.exit();
}

await main(JSON.parse(process.argv[2] as string) as InstanceSettings);
