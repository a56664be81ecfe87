/**
 * Retries requests. An idempotent call is retried after network failures and transient errors.
 * Any other call (most POSTs) is retried only where it was certainly not processed: rate limited, or not connected.
 * A timeout is not retried: the caller has waited as long as it was willing to.
 */
import { setTimeout as delay } from "node:timers/promises";
import { readHttpDate } from "../../catalog/times.ts";
import type { Outcome } from "./attempt.ts";
import { readNetworkFailure } from "./network.ts";
import { readUpstreamError } from "../response/upstream-error.ts";

/** Milliseconds of the exponential backoff, which has full jitter. */
const FIRST_BACKOFF = 500;
const LONGEST_BACKOFF = 5_000;
/** A longer Retry-After ends the call with an error that names the wait. */
const LONGEST_RETRY_AFTER = 30_000;
/** Statuses of transient errors. */
const PASSING = new Set([408, 500, 502, 503, 504]);

/** Time and randomness, for tests to control. `sleep` rejects when the signal aborts. */
export interface Clock {
  now(): number;
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  random(): number;
}

export const SYSTEM_CLOCK: Clock = {
  now: Date.now,
  random: Math.random,
  sleep: (ms, signal) => delay(ms, undefined, { signal }),
};

export interface RetryRules {
  readonly idempotent: boolean;
  readonly maxRetries: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  onRetry?(attempts: number, waitMs: number, outcome: Outcome): void;
}

export interface RetryResult {
  readonly outcome: Outcome;
  readonly attempts: number;
  /** An attempt before the last may have been processed: its answer was lost, or was an error of the server. */
  readonly uncertain: boolean;
  /** The Retry-After in milliseconds, where it is longer than this server waits. */
  readonly tooLongMs?: number;
}

/** Runs attempts until one is final. */
export async function withRetries(run: () => Promise<Outcome>, rules: RetryRules): Promise<RetryResult> {
  let uncertain = false;
  for (let attempts = 1; ; attempts++) {
    const outcome = await run();
    const final: RetryResult = { outcome, attempts, uncertain };
    if (!canRetry(outcome, rules.idempotent)) return final;
    const asked = retryAfterMs(outcome, rules.clock);
    if (asked !== undefined && asked > LONGEST_RETRY_AFTER) return { ...final, tooLongMs: asked };
    if (attempts > rules.maxRetries) return final;
    uncertain ||= outcome.kind === "broken" ? !readNetworkFailure(outcome.error).notSent : !isRefusal(outcome);
    const backoff = rules.clock.random() * Math.min(LONGEST_BACKOFF, FIRST_BACKOFF * 2 ** (attempts - 1));
    const waitMs = Math.round(asked || backoff);
    rules.onRetry?.(attempts, waitMs, outcome);
    try {
      await rules.clock.sleep(waitMs, rules.signal);
    } catch {
      return { ...final, outcome: { kind: "cancelled" } };
    }
  }
}

function canRetry(outcome: Outcome, idempotent: boolean): boolean {
  if (outcome.kind === "broken") {
    const { notSent, lasting } = readNetworkFailure(outcome.error);
    return !lasting && (idempotent || notSent);
  }
  if (outcome.kind !== "answered" || outcome.response.ok) return false;
  return isRateLimit(outcome) || (idempotent && PASSING.has(outcome.response.status));
}

/** Whether the status says that nothing was done. */
function isRefusal(outcome: Outcome): boolean {
  return outcome.kind === "answered" && outcome.response.status < 500 && outcome.response.status !== 408;
}

const RATE_LIMITED = "AB06";

/** By status 429 or Portkey's own code, which comes with other statuses too. A text without the code is not parsed. */
function isRateLimit({ response, text }: Extract<Outcome, { kind: "answered" }>): boolean {
  if (response.status === 429) return true;
  return response.status >= 400 && text.includes(RATE_LIMITED) && readUpstreamError(text).errorCode === RATE_LIMITED;
}

/** Retry-After (seconds or an HTTP date) in milliseconds from now; undefined where absent or invalid. */
export function retryAfterMs(outcome: Outcome, clock: Pick<Clock, "now">): number | undefined {
  const text = outcome.kind === "answered" ? outcome.response.headers.get("retry-after") : null;
  if (text === null) return undefined;
  if (/^\s*\d+(?:\.\d+)?\s*$/.test(text)) return Number(text) * 1000;
  const date = readHttpDate(text);
  return date === undefined ? undefined : Math.max(0, date - clock.now());
}
