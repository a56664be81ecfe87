/**
 * A store for @fastify/rate-limit that counts requests in Redis. It uses the link, so that no request waits while Redis
 * is away or slow.
 *
 * There is a hash for each key. Each instance writes its own count to a field, sealed, and adds up all fields that
 * open. So somebody who can write to Redis cannot lock clients out, and by deleting counts gets a client no more
 * requests than each instance would admit by itself.
 */
import { randomBytes } from "node:crypto";
import { createSeal } from "../events/seal.ts";
import { runPipeline, isWrongType, type RedisLink } from "../redis/link.ts";
import type { Trust } from "../redis/trust.ts";

/** The count of one instance since `start`, by its clock. */
interface Count {
  readonly start: number;
  readonly current: number;
}

interface Counted {
  readonly current: number;
  /** Milliseconds until the window ends. */
  readonly ttl: number;
}

/** How many own counts an instance keeps. */
const MAX_COUNTS = 20_000;
/** How many fields of a hash are read: more than there are instances. */
const MAX_INSTANCES = 100;

/** A class, since the plugin creates the store itself. */
export function createRedisStoreClass(link: RedisLink, trust: Trust) {
  const shared = new SharedCounts({ link, trust });
  return class RedisCounts {
    incr(key: string, done: (error: Error | null, counted?: Counted) => void, windowMs: number): void {
      shared.count(`${link.prefix}:rate:${key}`, windowMs).then(
        (counted) => done(null, counted),
        (error: unknown) => done(error as Error),
      );
    }

    child(): this {
      return this;
    }
  };
}

/** The options of SharedCounts. */
export interface SharedCountsOptions {
  readonly link: RedisLink;
  readonly trust: Trust;
  /** Names this instance's field. */
  readonly self?: string;
  readonly now?: () => number;
}

export class SharedCounts {
  readonly #link: RedisLink;
  readonly #trust: Trust;
  readonly #self: string;
  readonly #now: () => number;
  readonly #seal: ReturnType<typeof createSeal>;
  readonly #own = new Map<string, Count>();

  constructor({ link, trust, self = randomBytes(6).toString("base64url"), now = Date.now }: SharedCountsOptions) {
    this.#link = link;
    this.#trust = trust;
    this.#self = self;
    this.#now = now;
    this.#seal = createSeal(null, trust.macKey);
  }

  /** Counts a request. Resolves with the count of all instances. Throws RedisAway. */
  async count(key: string, windowMs: number): Promise<Counted> {
    const mine = this.#countHere(key, windowMs);
    const fields = await this.#exchange(key, mine, windowMs).catch(async (error: unknown) => {
      if (!isWrongType(error)) throw error;
      this.#trust.drop("record", "of another type than a count");
      await this.#link.run((redis) => redis.del(key));
      return this.#exchange(key, mine, windowMs);
    });
    const all = [mine, ...this.#others(key, fields).filter((count) => this.#isInWindow(count, windowMs))];
    const current = all.reduce((sum, count) => sum + count.current, 0);
    const first = all.reduce((least, { start }) => Math.min(least, start), mine.start);
    return { current, ttl: Math.max(1, Math.min(windowMs, first + windowMs - this.#now())) };
  }

  /** Adds one to this instance's count, in a new window where the last has ended. */
  #countHere(key: string, windowMs: number): Count {
    const last = this.#own.get(key);
    const current = last !== undefined && this.#isInWindow(last, windowMs) ? last : { start: this.#now(), current: 0 };
    const next = { start: current.start, current: current.current + 1 };
    this.#own.delete(key);
    this.#own.set(key, next);
    if (this.#own.size > MAX_COUNTS) this.#own.delete(this.#own.keys().next().value as string);
    return next;
  }

  #isInWindow({ start }: Count, windowMs: number): boolean {
    return Math.abs(this.#now() - start) < windowMs;
  }

  /** Writes this instance's count, and reads those of all. */
  async #exchange(key: string, mine: Count, windowMs: number): Promise<readonly string[]> {
    const text = this.#seal.close(`${mine.start} ${mine.current}`, placeOf(key, this.#self));
    const [, , fields] = await this.#link.run((redis) =>
      runPipeline(
        redis
          .pipeline()
          .hset(key, this.#self, text)
          .pexpire(key, windowMs)
          .hrandfield(key, MAX_INSTANCES, "WITHVALUES"),
      ),
    );
    return fields as string[];
  }

  /** The counts of the other instances. Fields that do not open are removed. */
  #others(key: string, fields: readonly string[]): Count[] {
    const invalid: string[] = [];
    const counts: Count[] = [];
    for (let at = 0; at + 1 < fields.length; at += 2) {
      const [instance, written] = [fields[at] as string, fields[at + 1] as string];
      if (instance === this.#self) continue;
      const count = parseCount(this.#seal.open(written, placeOf(key, instance)));
      if (count === undefined) invalid.push(instance);
      else counts.push(count);
    }
    if (invalid.length > 0) {
      this.#trust.drop("record", "a count of requests that does not open");
      this.#link.run((redis) => redis.hdel(key, ...invalid)).catch(() => undefined);
    }
    return counts;
  }
}

function placeOf(key: string, instance: string): string {
  return `${key} ${instance}`;
}

function parseCount(text: string | undefined): Count | undefined {
  const [, start, current] = /^(\d{1,15}) (\d{1,15})$/.exec(text ?? "") ?? [];
  return start === undefined ? undefined : { start: Number(start), current: Number(current) };
}
