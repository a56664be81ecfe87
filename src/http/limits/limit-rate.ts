/**
 * How many requests one address and one principal may make: counted in memory, or in Redis for all instances together.
 * While Redis is away each instance counts by itself.
 */
import rateLimit from "@fastify/rate-limit";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { RateLimitConfig } from "../../config/http-config.ts";
import { HttpRefusal } from "../auth/refusal.ts";
import { RedisAway, type RedisLink } from "../redis/link.ts";
import type { Trust } from "../redis/trust.ts";
import { addressOf } from "./client-address.ts";
import { redisCounts } from "./redis-counts.ts";

/** Where all instances count together, and what is believed of it. */
export interface SharedRates {
  readonly redis: RedisLink;
  readonly trust: Trust;
}

export interface RateLimits {
  /** Throws HttpRefusal 429 with Retry-After. */
  address(request: FastifyRequest, reply: FastifyReply): Promise<void>;
  principal(request: FastifyRequest, reply: FastifyReply, principal: string): Promise<void>;
}

const UNLIMITED: RateLimits = { address: async () => undefined, principal: async () => undefined };

/** Addresses and principals counted at once, in memory. */
const COUNTED = 20_000;

type Limiter = ReturnType<FastifyInstance["createRateLimit"]>;

export async function limitRates(
  app: FastifyInstance,
  config: RateLimitConfig,
  shared?: SharedRates,
): Promise<RateLimits> {
  if (!config.enabled) return UNLIMITED;
  const keys = new WeakMap<FastifyRequest, string>();
  const keyGenerator = (request: FastifyRequest) => keys.get(request) ?? "";
  const here = await limiterOf(app, config, keyGenerator);
  const everywhere =
    config.store === "redis" && shared !== undefined ? await limiterOf(app, config, keyGenerator, shared) : undefined;

  async function stateOf(request: FastifyRequest) {
    if (everywhere === undefined || shared?.redis.state() === "away") return here(request);
    try {
      return await everywhere(request);
    } catch (error) {
      if (!(error instanceof RedisAway)) throw error;
      return here(request);
    }
  }

  async function count(
    whose: "address" | "principal",
    key: string,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<void> {
    keys.set(request, `${whose}:${key}`);
    const state = await stateOf(request);
    if (state.isAllowed) return;
    reply
      .header("ratelimit-limit", state.max)
      .header("ratelimit-remaining", state.remaining)
      .header("ratelimit-reset", state.ttlInSeconds);
    if (!state.isExceeded) return;
    const seconds = Math.max(1, state.ttlInSeconds);
    throw new HttpRefusal(
      429,
      `Too many requests from this ${whose}: ${state.max} in ${config.windowMs / 1000} s are allowed. Try again in ${seconds} s.`,
      { "retry-after": String(seconds) },
      { reason: `${whose}_rate` },
    );
  }

  return {
    address: (request, reply) => count("address", addressOf(request), request, reply),
    principal: (request, reply, principal) => count("principal", principal, request, reply),
  };
}

/** A limiter that counts in memory, or in Redis; the plugin has one store for each context that it is registered in. */
async function limiterOf(
  app: FastifyInstance,
  { max, windowMs }: RateLimitConfig,
  keyGenerator: (request: FastifyRequest) => string,
  shared?: SharedRates,
): Promise<Limiter> {
  let limiter: Limiter | undefined;
  await app.register(async (context) => {
    await context.register(rateLimit, {
      global: false,
      max,
      timeWindow: windowMs,
      cache: COUNTED,
      ...(shared !== undefined && { store: redisCounts(shared.redis, shared.trust) }),
    });
    limiter = context.createRateLimit({ keyGenerator });
  });
  return limiter as Limiter;
}
