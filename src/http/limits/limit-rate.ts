/**
 * How many requests one address and one principal may make: counted in memory, or in Redis for all instances together.
 * While Redis is away it fails open: requests pass uncounted, since a limit must not become an outage.
 */
import rateLimit from "@fastify/rate-limit";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Redis, Cluster } from "ioredis";
import type { RateLimitConfig } from "../../config/http-config.ts";
import { HttpRefusal } from "../auth/refusal.ts";

export interface RateLimits {
  /** Throws HttpRefusal 429 with Retry-After. */
  address(request: FastifyRequest, reply: FastifyReply): Promise<void>;
  principal(request: FastifyRequest, reply: FastifyReply, principal: string): Promise<void>;
}

const UNLIMITED: RateLimits = { address: async () => undefined, principal: async () => undefined };

/** Addresses and principals counted at once, in memory. */
const COUNTED = 20_000;

export async function limitRates(
  app: FastifyInstance,
  config: RateLimitConfig,
  redis?: { readonly client: Redis | Cluster; readonly prefix: string },
): Promise<RateLimits> {
  if (!config.enabled) return UNLIMITED;
  await app.register(rateLimit, {
    global: false,
    max: config.max,
    timeWindow: config.windowMs,
    cache: COUNTED,
    skipOnError: true,
    ...(config.store === "redis" && redis && { redis: redis.client, nameSpace: `${redis.prefix}:rate:` }),
  });
  const keys = new WeakMap<FastifyRequest, string>();
  const byAddress = app.createRateLimit({ keyGenerator: (request) => `address:${request.ip}` });
  const byPrincipal = app.createRateLimit({ keyGenerator: (request) => `principal:${keys.get(request)}` });

  async function count(
    limiter: typeof byAddress,
    whose: string,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<void> {
    const state = await limiter(request);
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
      {
        "retry-after": String(seconds),
      },
    );
  }

  return {
    address: (request, reply) => count(byAddress, "address", request, reply),
    principal: (request, reply, principal) => {
      keys.set(request, principal);
      return count(byPrincipal, "principal", request, reply);
    },
  };
}
