/** What clients see while instances behind the shipped nginx.conf are replaced one after the other: nothing. */
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { hasRedis, startRedis, type RedisServer } from "../http/redis/redis-server.ts";
import { hasNginx, startShippedNginx, type ShippedNginx } from "../http/shipped-nginx.ts";
import { useBuiltServer, type Running } from "./built-server.ts";
import { freePort } from "../free-port.ts";

describe.skipIf(!hasNginx || !hasRedis)("two instances behind nginx", () => {
  const server = useBuiltServer();
  let redis: RedisServer;
  let nginx: ShippedNginx;
  let url = "";
  let ports: [number, number] = [0, 0];

  beforeAll(async () => {
    redis = await startRedis();
    ports = [await freePort(), await freePort()];
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    nginx = await startShippedNginx(port, ports);
  });
  afterAll(async () => {
    await nginx.close();
    await redis.close();
  });

  async function instance(port: number): Promise<Running> {
    const running = server.start(["http", "--sandbox", "--port", String(port)], {
      MCP_REDIS_URL: redis.url,
      MCP_EVENT_ENCRYPTION_KEY: "ab".repeat(32),
      RATE_LIMIT_ENABLED: "false",
    });
    await vi.waitUntil(async () => (await fetch(`http://127.0.0.1:${port}/ready`).catch(() => undefined))?.ok, {
      timeout: 30_000,
    });
    return running;
  }

  const headers = { "content-type": "application/json", accept: "application/json, text/event-stream" };
  const post = (message: object, more: Record<string, string> = {}) =>
    fetch(`${url}/mcp`, {
      method: "POST",
      headers: { ...headers, ...more },
      body: JSON.stringify({ jsonrpc: "2.0", ...message }),
    });

  test("a rolling restart fails no request, in sessions or without", { timeout: 120_000 }, async () => {
    const instances = await Promise.all(ports.map(instance));
    const client = { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "loop", version: "1" } };
    const opened = await post({ id: 0, method: "initialize", params: client });
    expect(opened.status).toBe(200);
    const session = { "mcp-session-id": opened.headers.get("mcp-session-id") ?? "" };
    const answers = new Map<string, number>();
    let restarting = true;
    const loop = async (from: number) => {
      for (let id = from; restarting; id += 10) {
        const name = { id, method: "tools/call", params: { name: "list_configs", arguments: {} } };
        const outcome = await post(name, session).then(
          async (answer) => `${answer.status} ${(await answer.text()).includes('"isError":true')}`,
          (error: Error) => `${error.message} ${String(error.cause)}`,
        );
        answers.set(outcome, (answers.get(outcome) ?? 0) + 1);
        // The pace of a client, which leaves the machine to the instances.
        await delay(20);
      }
    };
    const loops = [1, 2, 3, 4].map(loop);
    const codes: unknown[] = [];
    for (const [index, running] of instances.entries()) {
      running.process.kill("SIGTERM");
      codes.push((await running.ended).code);
      instances[index] = await instance(ports[index] as number);
    }
    expect(codes).toEqual(instances.map(() => 0));
    restarting = false;
    await Promise.all(loops);
    expect([...answers.keys()], nginx.errors()).toEqual(["200 false"]);
    expect(answers.get("200 false")).toBeGreaterThan(50);
    for (const running of instances) running.process.kill("SIGINT");
    await Promise.all(instances.map(({ ended }) => ended));
  });

  test("while it serves on, /ready says no, and answers tell to take another connection", async () => {
    const port = await freePort();
    const running = await instance(port);
    running.process.kill("SIGTERM");
    const at = `http://127.0.0.1:${port}`;
    await vi.waitUntil(async () => (await fetch(`${at}/ready`)).status === 503, { timeout: 2_000 });
    const answer = await fetch(`${at}/mcp`, {
      method: "POST",
      headers,
      body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "ping" }),
    });
    expect([answer.status === 503, answer.headers.get("connection")]).toEqual([false, "close"]);
    running.process.kill("SIGINT");
    expect((await running.ended).code).toBe(0);
  });
});
