/**
 * Counts of requests in Redis, as @fastify/rate-limit asks for them. Through the link: while Redis is away or late no
 * request waits for it.
 */
import { answers, RedisAway, type RedisLink } from "../redis/link.ts";

interface Count {
  readonly current: number;
  /** Milliseconds until the window ends. */
  readonly ttl: number;
}

type Counted = (error: Error | null, count?: Count) => void;

/** A store class for the plugin, which makes it itself. */
export function redisCounts(link: RedisLink) {
  return class RedisCounts {
    incr(key: string, done: Counted, windowMs: number): void {
      count(link, `${link.prefix}:rate:${key}`, windowMs).then(
        (counted) => done(null, counted),
        (error: unknown) => done(error as Error),
      );
    }

    child(): this {
      return this;
    }
  };
}

async function count(link: RedisLink, key: string, windowMs: number): Promise<Count> {
  const increment = () =>
    link.run((redis) => answers(redis.pipeline().set(key, 0, "PX", windowMs, "NX").incr(key).pttl(key)));
  const [, current, ttl] = await increment().catch(async (error: unknown) => {
    if (error instanceof RedisAway) throw error;
    // What stands there is no count.
    await link.run((redis) => redis.del(key));
    return increment();
  });
  if ((ttl as number) >= 0) return { current: current as number, ttl: ttl as number };
  // It ran out between two of the commands, or somebody else made it last for ever.
  await link.run((redis) => redis.pexpire(key, windowMs));
  return { current: current as number, ttl: windowMs };
}
