/** One login over two instances with one Redis, which is not trusted with what it holds. */
import { Redis } from "ioredis";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { hasRedis, startRedis, type RedisServer } from "../redis/redis-server.ts";
import { Browser } from "./browser.ts";
import { startFacade, type Facade } from "./facade.ts";
import { RawClient } from "./raw-client.ts";

describe.skipIf(!hasRedis)("two instances", () => {
  let redis: RedisServer;
  let facade: Facade;
  let other: RawClient;
  let client: RawClient;
  const browser = new Browser();
  beforeEach(async () => {
    redis = await startRedis();
    facade = await startFacade({ config: { redis: { url: redis.url, keyPrefix: "t" } } });
    client = new RawClient(facade.base);
    other = new RawClient((await facade.another()).base);
    await client.register();
    other.id = client.id;
  });
  afterEach(async () => {
    await facade.close();
    await redis.close();
  });

  it("share a login: begun at one, redeemed at the other, revoked for both", async () => {
    const code = await client.code(browser);
    const { status, body } = await other.redeem(code, { code_verifier: client.verifier });
    expect(status).toBe(200);
    const token = body["access_token"] ?? "";
    expect([await client.call(token), await other.call(token)]).toEqual([200, 200]);
    const refreshed = await client.refresh(body["refresh_token"] ?? "");
    expect(refreshed.status).toBe(200);
    // A stolen token that comes to the other instance.
    expect((await other.refresh(body["refresh_token"] ?? "")).status).toBe(400);
    expect((await client.refresh(refreshed.body["refresh_token"] ?? "")).status).toBe(400);
    expect(await other.call(refreshed.body["access_token"] ?? "")).toBe(401);
  });

  it("give one code once, whoever is asked", async () => {
    const code = await client.code(browser);
    const proof = { code_verifier: client.verifier };
    const answers = await Promise.all([client, other, client, other].map((at) => at.redeem(code, proof)));
    expect(answers.filter(({ status }) => status === 200).length).toBeLessThanOrEqual(1);
  });

  it("leave nothing in Redis that could be read or moved", async () => {
    const { body } = await client.redeem(await client.code(browser));
    const reader = new Redis(redis.url);
    try {
      const names = (await reader.keys("t:oauth:*")).sort();
      expect(names.map((name) => name.split(":")[2])).toEqual(["grant", "issued", "refresh"]);
      const texts = await Promise.all(names.map((name) => reader.get(name)));
      const secrets = ["alice", "example.com", "platform", body["refresh_token"] ?? "x", '"scopes"'];
      expect(secrets.filter((secret) => texts.join().includes(secret))).toEqual([]);
      expect((await Promise.all(names.map((name) => reader.pttl(name)))).every((ttl) => ttl > 0)).toBe(true);
      // Another grant in its place opens nothing.
      const grant = names[0] ?? "";
      const second = await other.redeem(await client.code(browser), { code_verifier: client.verifier });
      await reader.set(grant, (await reader.get((await reader.keys("t:oauth:grant:*")).find((k) => k !== grant)!))!);
      expect(second.status).toBe(200);
      expect(await client.call(body["access_token"] ?? "")).toBe(401);
    } finally {
      reader.disconnect();
    }
  });

  it("say so while Redis is away, and go on with tokens that are out", async () => {
    const { body } = await client.redeem(await client.code(browser));
    const code = await client.code(browser);
    await redis.stop();
    expect(await client.redeem(code)).toMatchObject({ status: 503, body: { error: "temporarily_unavailable" } });
    expect(await client.refresh(body["refresh_token"] ?? "")).toMatchObject({ status: 503 });
    expect(await client.call(body["access_token"] ?? "")).not.toBe(401);
  });
});
