/** An access token counts as long as its grant does, which another instance may end. */
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { Identity } from "../../../src/http/auth/principal.ts";
import { createAccessTokens } from "../../../src/http/oauth-proxy/access-tokens.ts";
import { RedisAway } from "../../../src/http/redis/link.ts";

beforeEach(() => void vi.useFakeTimers({ toFake: ["Date"], now: 0 }));
afterEach(() => void vi.useRealTimers());

const PERSON: Identity = { kind: "jwt", subject: "alice", client: "c", organisation: null, roles: [], scopes: [] };

/** Tokens of one grant, and what its instances say of it. */
async function tokensOf(isAlive: () => Promise<boolean>) {
  let end: (grant: string) => void = () => undefined;
  const grants = { isAlive, onEnd: (listener: (grant: string) => void) => void (end = listener) };
  const options = {
    key: new Uint8Array(32),
    issuer: "https://mcp.example",
    resource: "https://mcp.example/mcp",
    grants,
  };
  const tokens = createAccessTokens(options);
  const token = await tokens.sign("grant", PERSON, ["portkey:read"]);
  return { verify: () => tokens.verify(token), end: () => end("grant") };
}

it("counts for five seconds more where another instance ended its grant", async () => {
  const isAlive = vi.fn(async () => true);
  const { verify } = await tokensOf(isAlive);
  await verify();
  isAlive.mockResolvedValue(false);
  vi.setSystemTime(4_999);
  expect(await verify()).toMatchObject({ subject: "alice", scopes: ["portkey:read"] });
  expect(isAlive).toHaveBeenCalledTimes(1);
  vi.setSystemTime(5_000);
  await expect(verify()).rejects.toThrow("The token has been revoked.");
});

it("counts no more at once where its own instance ended the grant", async () => {
  const isAlive = vi.fn(async () => true);
  const { verify, end } = await tokensOf(isAlive);
  await verify();
  isAlive.mockResolvedValue(false);
  end();
  await expect(verify()).rejects.toThrow("The token has been revoked.");
});

it("counts while Redis is away, and is looked up again with the next request", async () => {
  const isAlive = vi.fn(async (): Promise<boolean> => Promise.reject(new RedisAway()));
  const { verify } = await tokensOf(isAlive);
  expect(await verify()).toMatchObject({ subject: "alice" });
  isAlive.mockResolvedValue(false);
  await expect(verify()).rejects.toThrow("The token has been revoked.");
});
