/**
 * Which instances are alive. Each renews a lease: a key that expires soon and holds a number that grows, sealed. An
 * instance is dead when no newer number of its own has come for a while in which Redis answered all the time; after an
 * outage of Redis every key has expired. A lease that somebody else wrote, or wrote again, keeps nobody alive.
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
  /** Says that this instance has ended. */
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

/** What is known of another instance. */
interface Known {
  /** The greatest number of its lease, and when it came. */
  number: number;
  at: number;
  /** Since when it has been missed. */
  missing?: number;
}

/** Instances that are not asked about any more must not pile up. */
const MOST_KNOWN = 1_000;

/** `trust` authenticates the leases; by default only those of this process. */
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

/** What is known of the other instances, by the numbers of their leases. */
class OtherInstances {
  readonly #known = new Map<string, Known>();
  readonly #leaseMs: number;
  readonly #graceMs: number;
  readonly #now: () => number;

  constructor({ leaseMs, heartbeatMs }: LeaseTiming, now: () => number) {
    this.#leaseMs = leaseMs;
    this.#graceMs = Math.max(leaseMs / 2, heartbeatMs * 2);
    this.#now = now;
  }

  /** Whether it has been missed for long enough, given the number of its lease now; undefined: it has none. */
  isDead(instance: string, number: number | undefined): boolean {
    const now = this.#now();
    const known = this.#knownOf(instance);
    if (number !== undefined && number > known.number) {
      known.number = number;
      known.at = now;
    }
    const isRenewed = number === known.number && now - known.at < this.#leaseMs;
    if (isRenewed) delete known.missing;
    else known.missing ??= now;
    return known.missing !== undefined && now - known.missing >= this.#graceMs;
  }

  /** Starts to wait anew for one, or for all. */
  forgetMissing(instance?: string): void {
    const one = instance === undefined ? undefined : this.#known.get(instance);
    for (const known of instance === undefined ? this.#known.values() : [one]) delete known?.missing;
  }

  #knownOf(instance: string): Known {
    if (this.#known.size >= MOST_KNOWN) this.#known.clear();
    const found = this.#known.get(instance) ?? { number: 0, at: this.#now() };
    this.#known.set(instance, found);
    return found;
  }
}

interface Leases {
  renew(instance: string): Promise<unknown>;
  /** Its number; undefined where there is none that one of our instances wrote. */
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
