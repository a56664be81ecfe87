/** A short turn of the chaos test; `npm run test:chaos` is the long one. */
import { expect, it } from "vitest";
import { hasRedis } from "../http/redis/redis-server.ts";
import { runChaos } from "./run.ts";

it.skipIf(!hasRedis)(
  "60 calls through killed instances and a Redis that comes and goes",
  async () => {
    const figures = await runChaos({
      calls: 60,
      instances: 2,
      atOnce: 12,
      steps: 8,
      delayMs: 60,
      faultMs: 700,
      seed: 1,
    });
    expect(figures.wrong).toEqual([]);
    expect(figures.results + figures.outcomeUnknown).toBe(60);
    expect(figures.faults["instances killed"]).toBeGreaterThan(0);
  },
  120_000,
);
