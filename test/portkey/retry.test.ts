import { describe, expect, test } from "vitest";
import { PortkeyMcpError } from "../../src/errors/errors.ts";
import { retryAfterMs } from "../../src/portkey/transport/retry.ts";
import type { Outcome } from "../../src/portkey/transport/attempt.ts";
import { context, CREATE, fastClock, LIST, portkeyAt, UPDATE } from "./records.ts";
import { json, startUpstream } from "./upstream.ts";

const TOOLS = { read: [LIST, {}], put: [UPDATE, { thing_id: "t" }], post: [CREATE, { name: "x" }] } as const;

async function run(
  kind: keyof typeof TOOLS,
  status: number,
  body: unknown = {},
  headers: Record<string, string> = {},
  maxRetries = 2,
) {
  const upstream = await startUpstream((response) => json(response, status, body, headers));
  const clock = fastClock();
  const [tool, given] = TOOLS[kind];
  const error: unknown = await portkeyAt(upstream.origin, { clock, maxRetries })
    .send(tool, given, context())
    .catch((reason: unknown) => reason);
  await upstream.close();
  expect(error).toBeInstanceOf(PortkeyMcpError);
  return { attempts: upstream.received.length, slept: clock.slept, message: (error as Error).message };
}

describe("which statuses are tried again", () => {
  const passing = [408, 500, 502, 503, 504];
  const final = [400, 401, 402, 403, 404, 409, 412, 422, 501];
  test.each(passing)("%i: what may be repeated is, a POST is not", async (status) => {
    expect((await run("read", status)).attempts).toBe(3);
    expect((await run("put", status)).attempts).toBe(3);
    const post = await run("post", status);
    expect(post.attempts).toBe(1);
    expect(post.message).toContain("Whether it took effect is unknown");
  });
  test.each(final)("%i: never", async (status) => {
    expect((await run("read", status)).attempts).toBe(1);
  });
  test.each(["read", "put", "post"] as const)("429 and AB06: a %s is", async (kind) => {
    expect((await run(kind, 429)).attempts).toBe(3);
    expect((await run(kind, 400, { success: false, data: { message: "slow down", errorCode: "AB06" } })).attempts).toBe(
      3,
    );
  });
  test("PORTKEY_MAX_RETRIES=0 means once", async () => {
    expect((await run("read", 503, {}, {}, 0)).attempts).toBe(1);
  });
});

describe("how long the waits are", () => {
  test("they double from half a second to five", async () => {
    expect((await run("read", 503, {}, {}, 6)).slept).toEqual([500, 1000, 2000, 4000, 5000, 5000]);
  });
  test("Retry-After decides where it is given", async () => {
    expect((await run("post", 429, {}, { "retry-after": "7" })).slept).toEqual([7000, 7000]);
  });
  test("a Retry-After of nothing leaves the backoff", async () => {
    expect((await run("read", 429, {}, { "retry-after": "0" })).slept).toEqual([500, 1000]);
  });
  test("a Retry-After beyond half a minute is passed on at once", async () => {
    const { attempts, message, slept } = await run("read", 429, {}, { "retry-after": "120" });
    expect([attempts, slept]).toEqual([1, []]);
    expect(message).toContain(
      "Portkey asks to wait 120 s, longer than this server waits by itself: call again after that.",
    );
  });
});

describe("Retry-After as", () => {
  const now = () => Date.parse("2026-11-22T10:00:00Z");
  const after = (text?: string) => {
    const response = new Response(null, { status: 429, headers: text === undefined ? {} : { "retry-after": text } });
    return retryAfterMs({ kind: "answered", response, text: "" } satisfies Outcome, { now });
  };
  test.each([
    ["3", 3000],
    ["1.5", 1500],
    ["Sun, 22 Nov 2026 10:00:09 GMT", 9000],
    ["Sun, 22 Nov 2026 09:59:00 GMT", 0],
    ["soon", undefined],
    [undefined, undefined],
  ])("%s", (text, want) => expect(after(text)).toBe(want));
});

test("a certificate that is refused is not tried again", async () => {
  const fetch = () =>
    Promise.reject(
      new TypeError("fetch failed", { cause: Object.assign(new Error("x"), { code: "CERT_HAS_EXPIRED" }) }),
    );
  const clock = fastClock();
  await expect(
    portkeyAt("https://portkey.invalid", { clock, fetch }).send(CREATE, { name: "x" }, context()),
  ).rejects.toMatchObject({
    message: expect.stringContaining("its certificate has expired. Nothing was done.") as string,
  });
  expect(clock.slept).toEqual([]);
});

test("a read that recovers answers as if nothing had been", async () => {
  const upstream = await startUpstream((response, _, count) => json(response, count < 3 ? 503 : 200, { total: count }));
  expect(await portkeyAt(upstream.origin).send(LIST, {}, context())).toMatchObject({
    status: 200,
    body: { total: 3 },
    warnings: [],
  });
  await upstream.close();
});

test("without a test's clock the waits are real, and jittered", async () => {
  const upstream = await startUpstream((response, _, count) =>
    json(response, count === 1 ? 429 : 200, {}, { "retry-after": "0.05" }),
  );
  const { SYSTEM_CLOCK } = await import("../../src/portkey/transport/retry.ts");
  const started = performance.now();
  await portkeyAt(upstream.origin, { clock: SYSTEM_CLOCK }).send(LIST, {}, context());
  expect(performance.now() - started).toBeGreaterThanOrEqual(45);
  await upstream.close();
});
