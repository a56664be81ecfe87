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
  const known = new Map<string, Known>();
  const graceMs = Math.max(timing.leaseMs / 2, timing.heartbeatMs * 2);
  let closed = false;

  function renew(): void {
    if (!closed) leases.renew(self).catch(() => undefined);
  }

  const timer = setInterval(renew, timing.heartbeatMs);
  timer.unref();
  link.onAvailable(() => {
    for (const instance of known.values()) delete instance.missing;
    renew();
  });

  function knownOf(instance: string): Known {
    if (known.size >= MOST_KNOWN) known.clear();
    const found = known.get(instance) ?? { number: 0, at: now() };
    known.set(instance, found);
    return found;
  }

  /** Whether it has been missed for long enough, given the number of its lease; undefined: it has none. */
  function missed(instance: Known, number: number | undefined): boolean {
    if (number !== undefined && number > instance.number) Object.assign(instance, { number, at: now() });
    const renewed = number === instance.number && now() - instance.at < timing.leaseMs;
    if (renewed) delete instance.missing;
    else instance.missing ??= now();
    return instance.missing !== undefined && now() - instance.missing >= graceMs;
  }

  return {
    self,
    async isDead(instance) {
      if (instance === self) return false;
      const other = knownOf(instance);
      try {
        return missed(other, await leases.read(instance));
      } catch (error) {
        if (!(error instanceof RedisAway)) throw error;
        delete other.missing;
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
