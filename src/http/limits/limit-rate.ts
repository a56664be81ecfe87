/**
 * How many requests one address and one principal may make: counted in memory, or in Redis for all instances together.
 * While Redis is away each instance counts by itself.
 */
import rateLimit from "@fastify/rate-limit";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { RateLimitConfig } from "../../config/http-config.ts";
import { HTTP_SETTINGS } from "../../config/http-settings.ts";
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
  /** What a login asks for, of which there may be less than of other requests, and fewest registrations. */
  login(request: FastifyRequest, reply: FastifyReply): Promise<void>;
  registration(request: FastifyRequest, reply: FastifyReply): Promise<void>;
}

const never = async () => undefined;
const UNLIMITED: RateLimits = { address: never, principal: never, login: never, registration: never };

/** What is counted, and how a refusal calls it. */
const COUNTS = {
  address: { words: "requests from this address", reason: "address_rate" },
  principal: { words: "requests from this principal", reason: "principal_rate" },
  login: { words: "requests for logins from this address", reason: "address_rate" },
  registration: { words: "registrations from this address", reason: "address_rate" },
} as const;

type Counted = keyof typeof COUNTS;

function maximaOf({ max, loginMax, registerMax }: RateLimitConfig): Readonly<Record<Counted, number>> {
  return {
    address: max,
    principal: max,
    login: loginMax ?? HTTP_SETTINGS.RATE_LIMIT_LOGIN_MAX.fallback,
    registration: registerMax ?? HTTP_SETTINGS.RATE_LIMIT_REGISTER_MAX.fallback,
  };
}

/** Addresses and principals counted at once, in memory. */
const COUNTED = 20_000;

type Limiter = ReturnType<FastifyInstance["createRateLimit"]>;

export async function limitRates(
  app: FastifyInstance,
  config: RateLimitConfig,
  shared?: SharedRates,
): Promise<RateLimits> {
  if (!config.enabled) return UNLIMITED;
  const maxima = maximaOf(config);
  const asked = new WeakMap<FastifyRequest, { readonly key: string; readonly max: number }>();
  const rule: LimiterRule = {
    windowMs: config.windowMs,
    keyGenerator: (request) => asked.get(request)?.key ?? "",
    max: (request) => asked.get(request)?.max ?? config.max,
  };
  const here = await limiterOf(app, rule);
  const everywhere = config.store === "redis" && shared !== undefined ? await limiterOf(app, rule, shared) : undefined;

  async function stateOf(request: FastifyRequest) {
    if (everywhere === undefined || shared?.redis.state() === "away") return here(request);
    try {
      return await everywhere(request);
    } catch (error) {
      if (!(error instanceof RedisAway)) throw error;
      return here(request);
    }
  }

  async function count(what: Counted, key: string, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    asked.set(request, { key: `${what}:${key}`, max: maxima[what] });
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
      `Too many ${COUNTS[what].words}: ${state.max} in ${config.windowMs / 1000} s are allowed. Try again ` +
        `in ${seconds} s.`,
      { "retry-after": String(seconds) },
      { reason: COUNTS[what].reason },
    );
  }

  return {
    address: (request, reply) => count("address", addressOf(request), request, reply),
    principal: (request, reply, principal) => count("principal", principal, request, reply),
    login: (request, reply) => count("login", addressOf(request), request, reply),
    registration: (request, reply) => count("registration", addressOf(request), request, reply),
  };
}

interface LimiterRule {
  readonly windowMs: number;
  readonly keyGenerator: (request: FastifyRequest) => string;
  readonly max: (request: FastifyRequest) => number;
}

/** A limiter that counts in memory, or in Redis; the plugin has one store for each context that it is registered in. */
async function limiterOf(
  app: FastifyInstance,
  { windowMs, keyGenerator, max }: LimiterRule,
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
