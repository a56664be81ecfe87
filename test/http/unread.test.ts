/** Clients that send and do not read, over real sockets; and clients that only read slowly, who lose nothing. */
import { connect, type Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, describe, expect, it } from "vitest";
import { createLegacyEndpoint } from "../../src/http/legacy/create-endpoint.ts";
import type { UnreadBounds } from "../../src/http/limits/unread-answers.ts";
import { silentLog } from "../../src/log/log.ts";
import { fakeRegistry, text, type Behaviour } from "../mcp-adapters/fake-registry.ts";
import { requestText } from "./raw-http.ts";
import { startApp, type Started } from "./start-app.ts";

const sockets: Socket[] = [];
const closing: Started[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  for (const server of closing.splice(0)) await server.stop();
});

const TOKENS = [
  { name: "alice", token: "alice-alice-alice" },
  { name: "bob", token: "bob-bob-bob-bob-bob" },
];

async function start(tools: Record<string, Behaviour>, unread: Partial<UnreadBounds> = {}): Promise<Started> {
  const server = await startApp(
    { sessionMode: "stateless", auth: { mode: "bearer", tokens: TOKENS } },
    {
      unread,
      served: fakeRegistry(tools),
      legacy: (registry) =>
        createLegacyEndpoint({
          registry,
          http: {
            sessionMode: "stateless",
            sessionTimeoutMs: 60_000,
            maxSessions: 10,
            eventStore: { kind: "off", ttlSeconds: 60, maxEvents: 10, maxBytes: 10, encryptionKey: null },
          },
          log: silentLog,
        }),
    },
  );
  closing.push(server);
  return server;
}

const ERAS = {
  legacy: [["MCP-Protocol-Version", "2025-11-25"]],
  modern: [
    ["MCP-Protocol-Version", "2026-07-28"],
    ["Mcp-Method", "tools/call"],
    ["Mcp-Name", "large"],
  ],
} as const;

function callText(
  era: keyof typeof ERAS,
  id: number,
  { name }: { name: string } = TOKENS[0] as { name: string },
): string {
  const token = TOKENS.find((entry) => entry.name === name)?.token as string;
  const meta = {
    "io.modelcontextprotocol/protocolVersion": "2026-07-28",
    "io.modelcontextprotocol/clientInfo": { name: "t", version: "1" },
    "io.modelcontextprotocol/clientCapabilities": {},
  };
  const params = { name: "large", arguments: {}, ...(era === "modern" && { _meta: meta }) };
  return requestText(
    "POST",
    "/mcp",
    [
      ["Content-Type", "application/json"],
      ["Accept", "application/json, text/event-stream"],
      ["Authorization", `Bearer ${token}`],
      ...ERAS[era],
    ],
    JSON.stringify({ jsonrpc: "2.0", id, method: "tools/call", params }),
  );
}

/** A connection that sends and reads nothing. */
async function deaf({ port }: Started, sent: string): Promise<Socket> {
  const socket = connect({ port, host: "127.0.0.1" });
  sockets.push(socket);
  socket.on("error", () => undefined);
  socket.pause();
  await new Promise((resolve) => socket.once("connect", resolve));
  socket.write(sent);
  return socket;
}

const gauge = async ({ url }: Started, name: string): Promise<number> => {
  const answer = await fetch(`${url}/metrics`, { headers: { authorization: "Bearer bob-bob-bob-bob-bob" } });
  return Number(new RegExp(`^${name} (\\d+)`, "m").exec(await answer.text())?.[1]);
};

const MB = 1_000_000;

describe.each(["legacy", "modern"] as const)("a client of the %s era that does not read", (era) => {
  it("has one answer made at a time, however many requests it sends", async () => {
    let made = 0;
    const server = await start({ large: () => ((made += 1), text("x".repeat(4 * MB))) });
    for (let n = 0; n < 10; n += 1)
      await deaf(server, Array.from({ length: 40 }, (_, id) => callText(era, id)).join(""));
    await delay(1_000);
    // What the operating system holds of each connection is a few megabytes.
    expect(made).toBeLessThan(40);
    expect(await gauge(server, "mcp_unread_bytes")).toBeLessThan(10 * 4.1 * MB);
  });

  it("is cut off where it takes nothing for a while; one that reads slowly is not", async () => {
    const server = await start({ large: () => text("x".repeat(20 * MB)) }, { stallMs: 600, checkMs: 50 });
    const gone = await deaf(server, callText(era, 1));
    const slow = await deaf(server, callText(era, 2));
    let received = 0;
    const reading = (async () => {
      for (let until = Date.now() + 15_000; received < 20 * MB && Date.now() < until;) {
        await delay(30);
        for (let chunk = slow.read(400_000) as Buffer | null; chunk !== null; chunk = null) received += chunk.length;
        const rest = slow.read() as Buffer | null;
        received += rest?.length ?? 0;
      }
    })();
    const closed = new Promise((resolve) => gone.once("close", resolve));
    await delay(1_500);
    gone.resume();
    await closed;
    await reading;
    expect(received).toBeGreaterThan(20 * MB);
    expect(await gauge(server, "mcp_unread_closed_total")).toBe(1);
  });

  it("is cut off where too much waits for it in all, and nobody else is", async () => {
    const server = await start({ large: () => text("x".repeat(8 * MB)) }, { ofClient: 40 * MB });
    const other = await deaf(server, callText(era, 1, { name: "bob" }));
    for (let n = 0; n < 20; n += 1) await deaf(server, callText(era, n));
    await delay(800);
    expect(await gauge(server, "mcp_unread_bytes")).toBeLessThan(49 * MB);
    expect(await gauge(server, "mcp_unread_closed_total")).toBeGreaterThan(5);
    let received = 0;
    other.on("data", (chunk: Buffer) => (received += chunk.length)).resume();
    await delay(800);
    expect(received).toBeGreaterThan(8 * MB);
  });
});

it("clients that do not read are cut off where too much waits for all of them, whoever they are", async () => {
  const server = await start({ large: () => text("x".repeat(8 * MB)) }, { ofAll: 40 * MB });
  for (let n = 0; n < 20; n += 1) await deaf(server, callText("legacy", n, TOKENS[n % 2]));
  await expect.poll(() => gauge(server, "mcp_unread_closed_total"), { timeout: 10_000 }).toBeGreaterThan(5);
  await expect.poll(() => gauge(server, "mcp_unread_bytes"), { timeout: 10_000 }).toBeLessThan(49 * MB);
});

it("requests sent ahead are all answered, in their order", async () => {
  const server = await start({ large: async (_args) => (await delay(5), text("ok")) });
  const socket = connect({ port: server.port, host: "127.0.0.1" });
  sockets.push(socket);
  let received = "";
  socket.on("data", (chunk: Buffer) => (received += chunk.toString()));
  socket.write(Array.from({ length: 30 }, (_, id) => callText("legacy", id + 100)).join(""));
  for (let n = 0; n < 100 && received.split("HTTP/1.1 200").length <= 30; n += 1) await delay(20);
  const ids = [...received.matchAll(/"id":(\d+)/g)].map(([, id]) => Number(id));
  expect(ids).toEqual(Array.from({ length: 30 }, (_, id) => id + 100));
});

it.each(["legacy", "modern"] as const)(
  "a fast flood of progress cuts no client of the %s era that reads",
  async (era) => {
    const server = await start({
      large: async (_args, link) => {
        for (let step = 0; step < 100_000; step += 1) {
          link.progress?.(step, 100_000, "p".repeat(200));
          if (step % 25_000 === 0) await delay(10);
        }
        return text("done");
      },
    });
    const body = JSON.parse(callText(era, 1).split("\r\n\r\n")[1] as string) as { params: { _meta?: object } };
    body.params._meta = { ...body.params._meta, progressToken: 1 };
    const answer = await fetch(`${server.url}/mcp`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        accept: "application/json, text/event-stream",
        authorization: "Bearer alice-alice-alice",
        ...Object.fromEntries(ERAS[era]),
      },
      body: JSON.stringify(body),
    });
    const all = await answer.text();
    expect(all).toContain('"text":"done"');
    const steps = [...all.matchAll(/"progress":(\d+)/g)].map(([, step]) => Number(step));
    expect(steps.length).toBeGreaterThan(100);
    expect(steps).toEqual([...steps].sort((a, b) => a - b));
  },
);
