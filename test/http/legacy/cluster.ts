/** Several endpoints on one Redis, each with connections of its own, as instances behind a balancer have them. */
import { connectRedis, type RedisLink } from "../../../src/http/redis/link.ts";
import { silentLog } from "../../../src/log/log.ts";
import { startRedis, type RedisServer } from "../redis/redis-server.ts";
import { serve, SETTINGS, type Served, type ServeOptions } from "./serve.ts";

export interface Instance extends Served {
  readonly link: RedisLink;
  /** As the kernel ends a process: nothing is written any more, and its lease runs out. */
  die(): Promise<void>;
}

export const FAST = { heartbeatMs: 50, leaseMs: 300, retryMs: 10, keepAliveMs: 15_000 };
export const IN_REDIS = { ...SETTINGS.eventStore, kind: "redis" as const };

export interface InstancesOptions extends ServeOptions {
  /** A command without an answer for so long makes Redis away: the default is longer than a busy machine's pauses. */
  readonly commandMs?: number;
}

/** Starts so many instances on `given`, or on a Redis of their own. */
export async function startInstances(
  count: number,
  { commandMs = 5_000, ...options }: InstancesOptions = {},
  given?: RedisServer,
) {
  const redis = given ?? (await startRedis({ keep: true }));
  async function start(): Promise<Instance> {
    const link = connectRedis({ url: redis.url, keyPrefix: "t" }, silentLog, { commandMs, probeMs: 20 });
    await link.waitUntilAvailable(5_000);
    const served = await serve({
      timing: FAST,
      ...options,
      http: { eventStore: IN_REDIS, ...options.http },
      redis: link,
    });
    return {
      ...served,
      link,
      async die() {
        await link.close();
        await served.close();
      },
      async close() {
        await served.close();
        await link.close();
      },
    };
  }
  const instances = await Promise.all(Array.from({ length: count }, start));
  return {
    redis,
    instances,
    start,
    async close() {
      await Promise.all(instances.map((instance) => instance.close()));
      await redis.close();
    },
  };
}
