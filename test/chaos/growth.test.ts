/** Sessions cost little and give back what they took; `npm run test:chaos` does it with 10,000. */
import { describe, expect, it } from "vitest";
import { connectRedis } from "../../src/http/redis/link.ts";
import { silentLog } from "../../src/log/log.ts";
import { hasRedis, startRedis } from "../http/redis/redis-server.ts";
import { measureGrowth, type Growth } from "./growth.ts";

function expectSmall({ kept, bytesPerIdleSession, bytesPerStream }: Growth): void {
  // Less than a session's record takes, for each that ended.
  expect(kept).toBeLessThan(500 * 1_000);
  expect(bytesPerIdleSession).toBeLessThan(20_000);
  // The client's end of the connection is in this process too.
  expect(bytesPerStream).toBeLessThan(100_000);
}

describe("500 sessions", () => {
  it("kept in memory cost little, and give back what they took", async () => {
    expectSmall(await measureGrowth(500, 100));
  }, 60_000);

  it.skipIf(!hasRedis)(
    "kept in Redis cost little, and give back what they took",
    async () => {
      const redis = await startRedis();
      const link = connectRedis({ url: redis.url, keyPrefix: "t" }, silentLog);
      await link.waitUntilAvailable(5_000);
      try {
        expectSmall(await measureGrowth(500, 100, link));
      } finally {
        await link.close();
        await redis.close();
      }
    },
    60_000,
  );
});
