/** What goes wrong in the chaos test: one fault after the other, each kind in its turn, until it is stopped. */
import { setTimeout as delay } from "node:timers/promises";
import type { RedisServer } from "../http/redis/redis-server.ts";
import type { ServerProcess } from "./instances.ts";

/** What faults can befall. */
export interface Victims {
  readonly instances: readonly ServerProcess[];
  readonly redis: RedisServer;
}

export interface RunningFaults {
  /** How many there were of each kind. */
  readonly counts: Readonly<Record<string, number>>;
  /** Lets the last one end. */
  stop(): Promise<void>;
}

type Random = () => number;

/** Begins with them; the middle of the time between two is `everyMs`. */
export function startFaults(victims: Victims, everyMs: number, random: Random): RunningFaults {
  const faults = faultsFor(victims, random);
  const names = Object.keys(faults);
  const counts: Record<string, number> = {};
  let isOver = false;

  async function run(): Promise<void> {
    for (let turn = 0; !isOver; turn += 1) {
      await delay(everyMs * (0.5 + random()));
      if (isOver) return;
      // Each kind in turn, killing an instance every other time.
      const name = (turn % 2 === 0 ? names[0] : names[1 + (((turn - 1) / 2) % (names.length - 1))]) as string;
      counts[name] = (counts[name] ?? 0) + 1;
      await faults[name]?.();
    }
  }

  const running = run();
  return {
    counts,
    async stop() {
      isOver = true;
      await running;
    },
  };
}

function faultsFor({ instances, redis }: Victims, random: Random): Readonly<Record<string, () => Promise<void>>> {
  const pick = () => instances[Math.floor(random() * instances.length)] as ServerProcess;
  return {
    "instances killed": async () => {
      const instance = pick();
      await instance.stop("SIGKILL");
      await delay(200 + random() * 800);
      await instance.start();
    },
    "instances stopped in order": async () => {
      const instance = pick();
      await instance.stop("SIGTERM");
      await instance.start();
    },
    "instances paused": async () => {
      const instance = pick();
      instance.pause();
      await delay(200 + random() * 3_000);
      instance.unpause();
    },
    "Redis killed": async () => {
      await redis.stop("SIGKILL");
      await delay(random() * 1_000);
      await redis.start();
    },
    "Redis paused": async () => {
      redis.pause();
      await delay(200 + random() * 2_000);
      redis.unpause();
    },
  };
}
