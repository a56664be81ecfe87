import { once } from "node:events";
import { Agent, request as requestOver, type IncomingMessage } from "node:http";
import { connect } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import type { LegacyEndpoint } from "../../src/http/routes/legacy-endpoint.ts";
import { silentLog, type Log } from "../../src/log/log.ts";
import { fakeRegistry, text } from "../mcp-adapters/fake-registry.ts";
import { modernRequest } from "../mcp-adapters/modern-request.ts";
import { ECHOING_LEGACY, startApp } from "./start-app.ts";

/** A server with one call running that ends when it is told to, or aborted. */
async function withRunningCall(shutdownTimeoutMs: number) {
  let finish: () => void = () => undefined;
  let began: () => void = () => undefined;
  const running = new Promise<void>((resolve) => {
    began = resolve;
  });
  const closed: string[] = [];
  const served = fakeRegistry({
    slow: (_args, link) =>
      new Promise((resolve) => {
        finish = () => resolve(text("done"));
        link.signal.addEventListener("abort", () => {
          closed.push("aborted");
          resolve(text("aborted"));
        });
        began();
      }),
  });
  const server = await startApp(
    { shutdownTimeoutMs },
    { served, legacy: () => ({ ...ECHOING_LEGACY, close: async () => void closed.push("legacy") }) },
  );
  const { body, request } = modernRequest("tools/call", { name: "slow" });
  const call = fetch(`${server.url}/mcp`, {
    method: "POST",
    headers: Object.fromEntries(request.headers),
    body: JSON.stringify(body),
  });
  await running;
  return { server, call, closed, finish: () => finish() };
}

describe("a server told to stop", () => {
  it("answers what runs, refuses what is new, and then ends", async () => {
    const { server, call, closed, finish } = await withRunningCall(5_000);
    const stopped = server.stop();
    const refused = await fetch(`${server.url}/mcp`, {
      method: "POST",
      body: "{}",
      headers: { "Content-Type": "application/json" },
    });
    expect([refused.status, refused.headers.get("retry-after"), refused.headers.get("connection")]).toEqual([
      503,
      "1",
      "close",
    ]);
    expect(await refused.json()).toMatchObject({ jsonrpc: "2.0", error: { code: -32000 } });
    expect(await (await fetch(`${server.url}/ready`)).json()).toMatchObject({ status: "draining" });
    expect((await fetch(`${server.url}/health`)).status).toBe(200);
    finish();
    expect(((await (await call).json()) as { result: object }).result).toMatchObject(text("done"));
    await stopped;
    expect(closed).toEqual(["legacy"]);
    await expect(fetch(`${server.url}/health`)).rejects.toThrow();
  });

  it("does not wait for ever: what runs is aborted, and says so", async () => {
    const { server, call, closed } = await withRunningCall(50);
    await server.stop();
    expect(((await (await call).json()) as { result: object }).result).toMatchObject(text("aborted"));
    expect(closed).toEqual(["aborted", "legacy"]);
  });

  it("answers for a call that does not even end when aborted", async () => {
    const deaf = fakeRegistry({ deaf: () => new Promise(() => undefined) });
    const server = await startApp({ shutdownTimeoutMs: 10 }, { served: deaf });
    const { body, request } = modernRequest("tools/call", { name: "deaf" });
    const call = fetch(`${server.url}/mcp`, {
      method: "POST",
      headers: Object.fromEntries(request.headers),
      body: JSON.stringify(body),
    });
    await expect
      .poll(async () => (await (await fetch(`${server.url}/metrics`)).text()).includes("mcp_running_calls 1"))
      .toBe(true);
    await server.stop();
    const answer = await call;
    expect(await answer.json()).toMatchObject({
      jsonrpc: "2.0",
      id: 1,
      error: { code: -32603, message: expect.stringContaining("whether it took effect is not known") },
    });
  });

  it("closes sessions only when their first message is answered", async () => {
    const order: string[] = [];
    let release: () => void = () => undefined;
    const released = new Promise<void>((resolve) => (release = resolve));
    let begin: () => void = () => undefined;
    const begun = new Promise<void>((resolve) => (begin = resolve));
    const legacy: LegacyEndpoint = {
      ...ECHOING_LEGACY,
      handle: async (_request, reply) => {
        begin();
        await released;
        order.push("answered");
        return reply.code(200).send({});
      },
      close: async () => void order.push("closed"),
    };
    const server = await startApp({}, { legacy: () => legacy });
    const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "initialize", params: {} });
    const headers = { "content-type": "application/json" };
    const answer = fetch(`${server.url}/mcp`, { method: "POST", headers, body });
    await begun;
    const stopped = server.stop();
    await delay(50);
    release();
    await Promise.all([answer, stopped]);
    expect(order).toEqual(["answered", "closed"]);
  });

  it("stops once, however often it is told", async () => {
    const closed: string[] = [];
    const legacy: LegacyEndpoint = { ...ECHOING_LEGACY, close: async () => void closed.push("legacy") };
    const server = await startApp({}, { legacy: () => legacy });
    await Promise.all([server.stop(), server.stop()]);
    await server.stop();
    expect(closed).toEqual(["legacy"]);
  });
});

/** An endpoint whose GET is a stream that has begun, and ends when it is told to. */
function streaming() {
  let end: () => void = () => undefined;
  const legacy: LegacyEndpoint = {
    ...ECHOING_LEGACY,
    handle: async (request, reply, caller) => {
      if (request.method !== "GET") return ECHOING_LEGACY.handle(request, reply, caller);
      reply.hijack();
      reply.raw.writeHead(200, { "content-type": "text/event-stream" }).flushHeaders();
      end = () => reply.raw.end();
      return reply;
    },
  };
  return { legacy, end: () => end() };
}

describe("connections of a server that stops", () => {
  it("are taken during its grace, and refused after it before anything is ended", async () => {
    const told: string[] = [];
    const steps = new Set(["serving on while /ready says no", "draining", "stopped"]);
    const log: Log = { ...silentLog, write: (_level, message) => void (steps.has(message) && told.push(message)) };
    const server = await startApp({}, { graceMs: 200, log });
    const knock = () =>
      fetch(`${server.url}/health`).then(
        ({ status }) => status,
        () => "refused",
      );
    const stopped = server.stop();
    expect(await knock()).toBe(200);
    await expect.poll(knock, { timeout: 10_000, interval: 10 }).toBe("refused");
    expect(told).toEqual(["serving on while /ready says no"]);
    await stopped;
    expect(told).toEqual([...steps]);
  });
  it("are kept until a large answer has been read, however slowly", async () => {
    const letters = 24 * 1024 * 1024;
    const server = await startApp(
      {},
      {
        legacy: () => ({
          ...ECHOING_LEGACY,
          handle: async (_request, reply) => reply.code(200).send({ text: "x".repeat(letters) }),
        }),
      },
    );
    const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "ping" });
    const client = connect(server.port, "127.0.0.1");
    client.write(`POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n`);
    client.write(`Content-Length: ${body.length}\r\n\r\n${body}`);
    await once(client, "readable");
    const stopped = server.stop();
    let read = 0;
    for await (const chunk of client) {
      read += (chunk as Buffer).length;
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(read).toBeGreaterThan(letters);
    await stopped;
  });

  it("are kept where an answer promised it, until the next one says that it is the last", async () => {
    const { legacy, end } = streaming();
    const server = await startApp({ shutdownTimeoutMs: 500 }, { legacy: () => legacy, graceMs: 300 });
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const ask = async (method: "GET" | "POST", body = ""): Promise<IncomingMessage> => {
      const headers = { "content-type": "application/json", accept: "application/json, text/event-stream" };
      const asked = requestOver(`${server.url}/mcp`, { method, agent, headers }).end(body);
      return ((await once(asked, "response")) as [IncomingMessage])[0];
    };
    const stream = await ask("GET");
    const { localPort } = stream.socket;
    expect(stream.headers.connection).toBe("keep-alive");
    const stopped = server.stop();
    end();
    await stream.resume().toArray();
    const last = await ask("POST", JSON.stringify({ jsonrpc: "2.0", id: 2, method: "ping" }));
    expect([last.statusCode, last.headers.connection, last.socket.localPort]).toEqual([200, "close", localPort]);
    await last.resume().toArray();
    await stopped;
    agent.destroy();
  });
});
