/** Tokens as the service keeps them: one request at a time, renewed before the end, and when one is refused. */
import { expect, test } from "vitest";
import type { ServiceAccount } from "../../../src/portkey/port.ts";
import { createTokenService } from "../../../src/portkey/tokens/token-service.ts";

const account: ServiceAccount = { clientId: "id", clientSecret: "secret", tenant: "1000000001" };
const never = new AbortController().signal;

/** A service over a clock and a token endpoint that the test moves. */
function rig(livesMs = 900_000) {
  let now = 0;
  let running = 0;
  let most = 0;
  let asked = 0;
  let fails = false;
  const waiting: (() => void)[] = [];
  const tokens = createTokenService({
    clock: { now: () => now },
    async fetchToken() {
      running += 1;
      most = Math.max(most, running);
      const value = `token-${++asked}`;
      await new Promise<void>((resolve) => waiting.push(resolve));
      running -= 1;
      if (fails) throw new Error("away");
      return { value, livesMs };
    },
  });
  return {
    tokens,
    answer: async () => {
      for (const resolve of waiting.splice(0)) resolve();
      await new Promise((resolve) => setImmediate(resolve));
    },
    at: (ms: number) => void (now = ms),
    fail: (on: boolean) => void (fails = on),
    asked: () => asked,
    most: () => most,
  };
}

test("a hundred callers wait for one request, and share its token", async () => {
  const { tokens, answer, asked } = rig();
  const all = Promise.all(Array.from({ length: 100 }, () => tokens.currentToken(account, never)));
  await answer();
  expect(new Set(await all)).toEqual(new Set(["token-1"]));
  expect(asked()).toBe(1);
});

test("before its end a token is renewed once, while the present one still serves", async () => {
  const { tokens, answer, at, asked, most } = rig();
  const first = tokens.currentToken(account, never);
  await answer();
  expect(await first).toBe("token-1");
  at(850_000);
  expect(await Promise.all([1, 2, 3].map(() => tokens.currentToken(account, never)))).toEqual(Array(3).fill("token-1"));
  expect(asked()).toBe(2);
  await answer();
  expect(await tokens.currentToken(account, never)).toBe("token-2");
  expect(most()).toBe(1);
});

test("a renewal that fails costs nothing while the present token serves, and is tried again", async () => {
  const { tokens, answer, at, fail, asked } = rig();
  const first = tokens.currentToken(account, never);
  await answer();
  await first;
  at(850_000);
  fail(true);
  expect(await tokens.currentToken(account, never)).toBe("token-1");
  await answer();
  expect(await tokens.currentToken(account, never)).toBe("token-1");
  expect(asked()).toBe(2);
  fail(false);
  at(856_000);
  expect(await tokens.currentToken(account, never)).toBe("token-1");
  await answer();
  expect(await tokens.currentToken(account, never)).toBe("token-3");
});

test("many that were refused one token get one new one", async () => {
  const { tokens, answer, asked } = rig();
  const first = tokens.currentToken(account, never);
  await answer();
  const refused = await first;
  const renewed = Promise.all(Array.from({ length: 20 }, () => tokens.renewToken(account, refused, never)));
  await answer();
  expect(new Set(await renewed)).toEqual(new Set(["token-2"]));
  expect(await tokens.renewToken(account, refused, never)).toBe("token-2");
  expect(asked()).toBe(2);
});

test("tenants and accounts have tokens of their own", async () => {
  const { tokens, answer, asked } = rig();
  const accounts = [
    account,
    { ...account, tenant: "2" },
    { ...account, clientId: "b" },
    { ...account, clientSecret: "c" },
  ];
  const all = Promise.all(accounts.map((each) => tokens.currentToken(each, never)));
  await answer();
  expect(new Set(await all).size).toBe(4);
  expect(asked()).toBe(4);
});

test("who stops waiting does not stop what others wait for", async () => {
  const { tokens, answer } = rig();
  const impatient = new AbortController();
  const [first, second] = [tokens.currentToken(account, impatient.signal), tokens.currentToken(account, never)];
  impatient.abort(new Error("enough"));
  await expect(first).rejects.toThrowError("enough");
  await answer();
  expect(await second).toBe("token-1");
});
