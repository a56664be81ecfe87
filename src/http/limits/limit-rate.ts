/** Limits the rate of requests for each address and each principal. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { RateLimitConfig } from "../../config/http-config.ts";
import { HttpRefusal } from "../auth/refusal.ts";
import { addressOf } from "./client-address.ts";
import { createRateCounter, type RateState, type SharedRates } from "./rate-counter.ts";

export interface RateLimits {
  /** Counts a request for its address. Throws HttpRefusal 429 with Retry-After, like the other methods. */
  address(request: FastifyRequest, reply: FastifyReply): Promise<void>;
  principal(request: FastifyRequest, reply: FastifyReply, principal: string): Promise<void>;
  /** Counts a request of a login for its address, with a lower limit; `registration` has the lowest. */
  login(request: FastifyRequest, reply: FastifyReply): Promise<void>;
  registration(request: FastifyRequest, reply: FastifyReply): Promise<void>;
}

const never = async () => undefined;
const UNLIMITED: RateLimits = { address: never, principal: never, login: never, registration: never };

/** What is counted, with its name in refusals and its reason in metrics. */
const COUNTS = {
  address: { words: "requests from this address", reason: "address_rate" },
  principal: { words: "requests from this principal", reason: "principal_rate" },
  login: { words: "requests for logins from this address", reason: "address_rate" },
  registration: { words: "registrations from this address", reason: "address_rate" },
} as const;

type Counted = keyof typeof COUNTS;

function readLimits({ max, loginMax, registerMax }: RateLimitConfig): Readonly<Record<Counted, number>> {
  return { address: max, principal: max, login: loginMax, registration: registerMax };
}

/** `shared`: Redis, where the configuration lets all instances count together. */
export async function limitRates(
  app: FastifyInstance,
  config: RateLimitConfig,
  shared?: SharedRates,
): Promise<RateLimits> {
  if (!config.enabled) return UNLIMITED;
  const maxima = readLimits(config);
  const countRequest = await createRateCounter(app, config, config.store === "redis" ? shared : undefined);

  async function count(what: Counted, key: string, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const state = await countRequest(request, { key: `${what}:${key}`, max: maxima[what] });
    if (state.isAllowed) return;
    setLimitHeaders(reply, state);
    if (state.isExceeded) throw rateRefusal(what, state, config.windowMs);
  }

  return {
    address: (request, reply) => count("address", addressOf(request), request, reply),
    principal: (request, reply, principal) => count("principal", principal, request, reply),
    login: (request, reply) => count("login", addressOf(request), request, reply),
    registration: (request, reply) => count("registration", addressOf(request), request, reply),
  };
}

type LimitedState = Exclude<RateState, { readonly isAllowed: true }>;

function setLimitHeaders(reply: FastifyReply, { max, remaining, ttlInSeconds }: LimitedState): void {
  reply.header("ratelimit-limit", max).header("ratelimit-remaining", remaining).header("ratelimit-reset", ttlInSeconds);
}

function rateRefusal(what: Counted, { max, ttlInSeconds }: LimitedState, windowMs: number): HttpRefusal {
  const { words, reason } = COUNTS[what];
  const seconds = Math.max(1, ttlInSeconds);
  const allowed = `${max} in ${windowMs / 1000} s are allowed`;
  return new HttpRefusal(
    429,
    `Too many ${words}: ${allowed}. Try again in ${seconds} s.`,
    { "retry-after": String(seconds) },
    { reason },
  );
}
