/**
 * One server process of the chaos test: the whole HTTP server over a registry of one tool, which reports as often as it
 * is told to and writes down that it ran. Says where it listens on stdout.
 */
import { appendFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { createLegacyEndpoint } from "../../src/http/legacy/create-endpoint.ts";
import { connectRedis } from "../../src/http/redis/link.ts";
import { startHttp } from "../../src/http/start.ts";
import { createLog } from "../../src/log/log.ts";
import { httpConfig } from "../http/http-config.ts";
import { fakeRegistry, POLICY, text } from "../mcp-adapters/fake-registry.ts";

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
  const http = httpConfig({
    port: settings.port,
    maxSessions: 10_000,
    maxConcurrentCalls: 1_000,
    redis: { url: settings.redisUrl, keyPrefix: "chaos" },
    eventStore: { kind: "redis", ttlSeconds: 600, maxEvents: 0, maxBytes: 16_000_000, encryptionKey: null },
  });
  const redis = connectRedis({ url: settings.redisUrl, keyPrefix: "chaos" }, log, {
    commandMs: settings.commandMs,
    probeMs: 50,
  });
  await redis.waitUntilAvailable(2_000);
  const registry = fakeRegistry({
    stream: async ({ name, count, delayMs }, link) => {
      appendFileSync(settings.runs, `${name as string}\n`);
      for (let step = 1; step <= (count as number); step += 1) {
        await delay((delayMs as number) * (0.5 + Math.random()));
        link.progress?.(step, count as number);
      }
      return text({ name, count });
    },
  });
  const server = await startHttp({
    http,
    log,
    policy: POLICY,
    credentials: {},
    records: [],
    readSecret: () => undefined,
    registry: () => registry,
    legacy: (counted) =>
      createLegacyEndpoint({
        registry: counted,
        http,
        log,
        redis,
        secret: SHARED_SECRET,
        checkWith: () => "get_stream",
        timing: { ...settings, retryMs: 50 },
      }),
  });
  process.once(
    "SIGTERM",
    () =>
      void server
        .stop()
        .then(() => redis.close())
        .then(() => process.exit()),
  );
  process.stdout.write(`${server.url}\n`);
}

await main(JSON.parse(process.argv[2] as string) as InstanceSettings);
