import { describe, expect, it } from "vitest";
import { createReadiness, type ReadinessParts } from "../../src/http/status/readiness.ts";

const PARTS: ReadinessParts = { withoutRedis: "degraded", draining: () => false };

describe("readiness", () => {
  it("asks once for a crowd, and not again for five seconds", async () => {
    let asked = 0;
    let clock = 0;
    const ready = createReadiness({
      ...PARTS,
      now: () => clock,
      portkey: async () => {
        asked += 1;
      },
    });
    await Promise.all([ready(), ready(), ready()]);
    clock = 4_999;
    await ready();
    expect(asked).toBe(1);
    clock = 5_001;
    expect(await ready()).toEqual({ status: "ready", redis: "off", portkey: "ok" });
    expect(asked).toBe(2);
  });

  it("notices that Redis is back", async () => {
    let clock = 0;
    let state: "ok" | "away" = "away";
    const ready = createReadiness({ ...PARTS, now: () => clock, redis: () => state });
    expect((await ready()).status).toBe("degraded");
    state = "ok";
    clock = 6_000;
    expect((await ready()).status).toBe("ready");
  });

  it("takes a check that throws for away", async () => {
    const ready = createReadiness({
      ...PARTS,
      redis: () => {
        throw new Error("no");
      },
    });
    expect(await ready()).toEqual({ status: "degraded", redis: "away", portkey: "unchecked" });
  });

  it("takes a check that hangs for away, and tells it to stop", async () => {
    let signal: AbortSignal | undefined;
    const ready = createReadiness({
      ...PARTS,
      portkey: (given) => {
        signal = given;
        return new Promise(() => undefined);
      },
    });
    expect(await ready()).toEqual({ status: "unready", redis: "off", portkey: "away" });
    expect(signal?.aborted).toBe(true);
  });

  it("is over when the server drains, whatever else is well", async () => {
    let draining = false;
    const ready = createReadiness({ ...PARTS, draining: () => draining, redis: () => "ok" });
    expect((await ready()).status).toBe("ready");
    draining = true;
    expect((await ready()).status).toBe("draining");
  });
});
