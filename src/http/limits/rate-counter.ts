/**
 * Counts requests in time windows: in memory, or in Redis for all instances together. While Redis is away, each
 * instance counts for itself.
 */
import rateLimit from "@fastify/rate-limit";
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { RateLimitConfig } from "../../config/http-config.ts";
import { RedisAway, type RedisLink } from "../redis/link.ts";
import type { Trust } from "../redis/trust.ts";
import { createRedisStoreClass } from "./redis-counts.ts";

/** Where all instances count together. */
export interface SharedRates {
  readonly redis: RedisLink;
  readonly trust: Trust;
}

/** What a request is counted under, and how many there may be in a window. */
export interface Quota {
  readonly key: string;
  readonly max: number;
}

type Limiter = ReturnType<FastifyInstance["createRateLimit"]>;
export type RateState = Awaited<ReturnType<Limiter>>;
export type CountRequest = (request: FastifyRequest, quota: Quota) => Promise<RateState>;

/** How many addresses and principals are counted in memory. */
const MAX_COUNTED = 20_000;

/** `shared` absent: in memory only. */
export async function createRateCounter(
  app: FastifyInstance,
  config: RateLimitConfig,
  shared?: SharedRates,
): Promise<CountRequest> {
  // The plugin's limiter only gets the request, so the quota is looked up by it.
  const quotas = new WeakMap<FastifyRequest, Quota>();
  const quotaOf = (request: FastifyRequest): Quota => quotas.get(request) ?? { key: "", max: config.max };
  const inMemory = await createLimiter(app, { quotaOf, windowMs: config.windowMs });
  const inRedis = shared && (await createLimiter(app, { quotaOf, windowMs: config.windowMs, shared }));

  return async (request, quota) => {
    quotas.set(request, quota);
    if (inRedis === undefined || shared?.redis.state() === "away") return inMemory(request);
    try {
      return await inRedis(request);
    } catch (error) {
      if (!(error instanceof RedisAway)) throw error;
      return inMemory(request);
    }
  };
}

interface LimiterOptions {
  readonly quotaOf: (request: FastifyRequest) => Quota;
  readonly windowMs: number;
  /** Absent: counts in memory. */
  readonly shared?: SharedRates;
}

/** A limiter in a context of its own, since the plugin has one store for each context. */
async function createLimiter(app: FastifyInstance, { quotaOf, windowMs, shared }: LimiterOptions): Promise<Limiter> {
  let limiter: Limiter | undefined;
  await app.register(async (context) => {
    await context.register(rateLimit, {
      global: false,
      max: (request) => quotaOf(request).max,
      timeWindow: windowMs,
      cache: MAX_COUNTED,
      ...(shared && { store: createRedisStoreClass(shared.redis, shared.trust) }),
    });
    limiter = context.createRateLimit({ keyGenerator: (request) => quotaOf(request).key });
  });
  return limiter as Limiter;
}
