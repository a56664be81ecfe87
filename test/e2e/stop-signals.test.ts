/** What ends the HTTP server, and how: signals that come early, twice, or again. */
import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { call, INITIALIZE, listening, useBuiltServer, useUpstream } from "./built-server.ts";

const server = useBuiltServer();
const upstream = useUpstream();

/** A server with a call under way, which Portkey answers when it is let go. */
async function withRunningCall() {
  let release: () => void = () => undefined;
  const released = new Promise<void>((resolve) => (release = resolve));
  let arrive: () => void = () => undefined;
  const arrived = new Promise<void>((resolve) => (arrive = resolve));
  const env = await upstream(async (_request, response) => {
    arrive();
    await released;
    response.setHeader("content-type", "application/json").end('{"done":true}');
  });
  const running = server.start(["http", "--port", "0"], { ...env, MCP_SHUTDOWN_GRACE_MS: "0" });
  const url = `${await listening(running)}/mcp`;
  const headers = { "content-type": "application/json", accept: "application/json, text/event-stream" };
  const post = (message: object, session: Record<string, string> = {}) =>
    fetch(url, {
      method: "POST",
      headers: { ...headers, ...session },
      body: JSON.stringify({ jsonrpc: "2.0", ...message }),
    });
  const opened = await post(INITIALIZE);
  const session = { "mcp-session-id": opened.headers.get("mcp-session-id") ?? "" };
  const answer = post(call(1, "list_configs"), session).then(
    (response) => response.text(),
    () => "broken off",
  );
  await arrived;
  return { running, release: () => release(), answer };
}

describe("a call that runs", () => {
  test.each([["SIGTERM"], ["SIGINT"]] as const)("is answered where %s comes twice at once", async (signal) => {
    const { running, release, answer } = await withRunningCall();
    running.process.kill(signal);
    await delay(20);
    running.process.kill(signal);
    await delay(50);
    release();
    expect(await answer).toContain("done");
    expect(await running.ended).toMatchObject({ code: 0, signal: null });
  });

  test("is answered however often SIGTERM comes", async () => {
    const { running, release, answer } = await withRunningCall();
    for (const pauseMs of [0, 100, 600, 600]) {
      await delay(pauseMs);
      running.process.kill("SIGTERM");
    }
    release();
    expect(await answer).toContain("done");
    expect((await running.ended).code).toBe(0);
  });

  test("is broken off where somebody presses Ctrl+C again", async () => {
    const { running, answer } = await withRunningCall();
    running.process.kill("SIGINT");
    await delay(700);
    running.process.kill("SIGINT");
    expect((await running.ended).code).toBe(130);
    expect(await answer).toBe("broken off");
  });
});

test.each([
  ["SIGTERM", 143],
  ["SIGINT", 130],
] as const)(
  "%s ends a server that still waits for Redis, also as a container's first process",
  async (signal, code) => {
    const redis = createServer().listen(0, "127.0.0.1");
    await once(redis, "listening");
    const url = `redis://127.0.0.1:${(redis.address() as AddressInfo).port}`;
    const running = server.start(["http", "--sandbox", "--port", "0"], { MCP_REDIS_URL: url });
    await once(redis, "connection");
    running.process.kill(signal);
    // With a handler of its own: what a first process has none for, it does not get.
    expect(await running.ended).toMatchObject({ code, signal: null });
    redis.close();
  },
);
