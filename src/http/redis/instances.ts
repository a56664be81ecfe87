/**
 * Which instances are alive. Each renews a lease: a key that expires soon and holds a growing number, sealed.
 * An instance is dead when its number has not grown for a while in which Redis answered all the time: after an outage
 * of Redis every lease has expired, which proves nothing.
 * A lease that was forged, or replayed with an old number, keeps no instance alive.
 */
import { randomBytes } from "node:crypto";
import { createSeal } from "../events/seal.ts";
import { isWrongType, RedisAway, type RedisLink } from "./link.ts";
import { createTrust, type Trust } from "./trust.ts";

export interface Instances {
  /** This instance's name; a new one with each start of the process. */
  readonly self: string;
  /** Whether an instance has ended for good. In doubt it counts as alive. */
  isDead(instance: string): Promise<boolean>;
  /** Ends this instance's lease. */
  close(): Promise<void>;
}

export interface LeaseTiming {
  readonly heartbeatMs: number;
  readonly leaseMs: number;
}

export function newInstanceName(): string {
  return randomBytes(6).toString("base64url");
}

/** Without Redis there is only this instance. */
export function singleInstance(): Instances {
  const self = newInstanceName();
  return { self, isDead: async (instance) => instance !== self, close: async () => undefined };
}

/** What is known of another instance; times in milliseconds. */
interface KnownInstance {
  /** The greatest number of its lease, and when it was first read. */
  number: number;
  at: number;
  /** Since when its lease has not been renewed. */
  missingSince?: number;
}

/** Beyond this, all are dropped, so that instances that nobody asks about any more do not accumulate. */
const MAX_KNOWN = 1_000;

/** `trust` authenticates the leases; by default it knows only those of this process. */
export function createInstances(
  link: RedisLink,
  timing: LeaseTiming,
  trust: Trust = createTrust({ encryptionKey: null }),
  now: () => number = Date.now,
): Instances {
  const self = newInstanceName();
  const leases = createLeases(link, timing, trust);
  const others = new OtherInstances(timing, now);
  let closed = false;

  function renew(): void {
    if (!closed) leases.renew(self).catch(() => undefined);
  }

  const timer = setInterval(renew, timing.heartbeatMs);
  timer.unref();
  link.onAvailable(() => {
    others.forgetMissing();
    renew();
  });

  return {
    self,
    async isDead(instance) {
      if (instance === self) return false;
      try {
        return others.isDead(instance, await leases.read(instance));
      } catch (error) {
        if (!(error instanceof RedisAway)) throw error;
        others.forgetMissing(instance);
        return false;
      }
    },
    async close() {
      closed = true;
      clearInterval(timer);
      await leases.end(self).catch(() => undefined);
    },
  };
}

/** Judges other instances by the numbers of their leases. */
class OtherInstances {
  readonly #known = new Map<string, KnownInstance>();
  readonly #leaseMs: number;
  readonly #graceMs: number;
  readonly #now: () => number;

  constructor({ leaseMs, heartbeatMs }: LeaseTiming, now: () => number) {
    this.#leaseMs = leaseMs;
    this.#graceMs = Math.max(leaseMs / 2, heartbeatMs * 2);
    this.#now = now;
  }

  /** `number` is its lease's current one, undefined where it has no lease. Whether it has not been renewed for long. */
  isDead(instance: string, number: number | undefined): boolean {
    const now = this.#now();
    const known = this.#knownOf(instance);
    if (number !== undefined && number > known.number) {
      known.number = number;
      known.at = now;
    }
    const isRenewed = number === known.number && now - known.at < this.#leaseMs;
    if (isRenewed) delete known.missingSince;
    else known.missingSince ??= now;
    return known.missingSince !== undefined && now - known.missingSince >= this.#graceMs;
  }

  /** Restarts the time that an instance, or every instance, may be missing. */
  forgetMissing(instance?: string): void {
    const restarted = instance === undefined ? this.#known.values() : [this.#known.get(instance)];
    for (const known of restarted) delete known?.missingSince;
  }

  #knownOf(instance: string): KnownInstance {
    if (this.#known.size >= MAX_KNOWN) this.#known.clear();
    const found = this.#known.get(instance) ?? { number: 0, at: this.#now() };
    this.#known.set(instance, found);
    return found;
  }
}

interface Leases {
  renew(instance: string): Promise<unknown>;
  /** The number of an instance's lease; undefined where it has none, or one that no instance of this server wrote. */
  read(instance: string): Promise<number | undefined>;
  end(instance: string): Promise<unknown>;
}

function createLeases(link: RedisLink, { leaseMs }: LeaseTiming, trust: Trust): Leases {
  const seal = createSeal(null, trust.macKey);
  const keyOf = (instance: string) => `${link.prefix}:instance:${instance}`;
  let number = 0;
  return {
    renew(instance) {
      const key = keyOf(instance);
      return link.run((redis) => redis.set(key, seal.close(String((number += 1)), key), "PX", leaseMs));
    },
    async read(instance) {
      const key = keyOf(instance);
      const written = await link
        .run((redis) => redis.get(key))
        .catch((error: unknown) => {
          if (!isWrongType(error)) throw error;
          return "";
        });
      if (written === null) return undefined;
      const text = seal.open(written, key);
      if (text === undefined || !/^\d{1,15}$/.test(text)) {
        trust.drop("record", "a lease that does not open");
        return undefined;
      }
      return Number(text);
    },
    end: (instance) => link.run((redis) => redis.del(keyOf(instance))),
  };
}
