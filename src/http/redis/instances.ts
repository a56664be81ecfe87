/**
 * Which instances are alive. Each renews a lease: a key that expires soon. An instance is dead when its key has been
 * missing for a while in which Redis answered all the time; after an outage of Redis every key has expired.
 */
import { randomBytes } from "node:crypto";
import { RedisAway, type RedisLink } from "./link.ts";

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

export function createInstances(
  link: RedisLink,
  { heartbeatMs, leaseMs }: LeaseTiming,
  now: () => number = Date.now,
): Instances {
  const self = newInstanceName();
  const keyOf = (instance: string) => `${link.prefix}:instance:${instance}`;
  /** When each missing instance was first missed. */
  const missing = new Map<string, number>();
  const graceMs = Math.max(leaseMs / 2, heartbeatMs * 2);
  let closed = false;

  function renew(): void {
    if (!closed) link.run((redis) => redis.set(keyOf(self), "", "PX", leaseMs)).catch(() => undefined);
  }

  const timer = setInterval(renew, heartbeatMs);
  timer.unref();
  link.onAvailable(() => {
    missing.clear();
    renew();
  });

  return {
    self,
    async isDead(instance) {
      if (instance === self) return false;
      try {
        if ((await link.run((redis) => redis.exists(keyOf(instance)))) === 1) {
          missing.delete(instance);
          return false;
        }
      } catch (error) {
        if (!(error instanceof RedisAway)) throw error;
        missing.delete(instance);
        return false;
      }
      const since = missing.get(instance);
      if (since !== undefined) return now() - since >= graceMs;
      // Instances that are not asked about any more must not pile up.
      if (missing.size >= 1_000) missing.clear();
      missing.set(instance, now());
      return false;
    },
    async close() {
      closed = true;
      clearInterval(timer);
      await link.run((redis) => redis.del(keyOf(self))).catch(() => undefined);
    },
  };
}
