/**
 * What sessions and streams cost, and whether memory comes back: an endpoint in this process, memory after a
 * collection.
 */
import Fastify from "fastify";
import { request as httpRequest, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { setTimeout as delay } from "node:timers/promises";
import { createLegacyEndpoint } from "../../src/http/legacy/create-endpoint.ts";
import type { RedisLink } from "../../src/http/redis/link.ts";
import { silentLog } from "../../src/log/log.ts";
import { SETTINGS } from "../http/legacy/serve.ts";
import { ACCEPT, call, INITIALIZE } from "../http/legacy/wire.ts";
import { CALLER, fakeRegistry, text } from "../mcp-adapters/fake-registry.ts";

export interface Growth {
  /** Bytes that stayed after `sessions` sessions were opened, used and ended. */
  readonly kept: number;
  readonly bytesPerIdleSession: number;
  readonly bytesPerStream: number;
}

const HEADERS = { accept: ACCEPT, "content-type": "application/json", "mcp-protocol-version": "2025-11-25" };

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

/** Opens so many sessions, and streams in some of them, ends them all, and says what each step cost. */
export async function measureGrowth(sessions: number, streams: number, redis?: RedisLink): Promise<Growth> {
  const served = await serveSessions(sessions + 1, redis);
  try {
    // What is built once, and by the thousandth call compiled, is no growth.
    await repeat(Math.min(sessions, 2_000), () => useSession(served));
    const before = await memory();
    await repeat(sessions, () => useSession(served));
    const kept = (await memory()) - before;

    const all: Headers[] = [];
    await repeat(sessions, async () => void all.push(await served.open()));
    const withIdle = await memory();
    const open: IncomingMessage[] = [];
    const beforeStreams = await memory();
    await repeat(streams, async (index) => void open.push(await served.listen(all[index] as Headers)));
    const withStreams = await memory();
    return {
      kept,
      bytesPerIdleSession: (withIdle - before - kept) / sessions,
      bytesPerStream: (withStreams - beforeStreams) / streams,
    };
  } finally {
    await served.close();
  }
}

type Headers = Record<string, string>;
type Sessions = Awaited<ReturnType<typeof serveSessions>>;

/** An endpoint of one tool, and what a client asks of it. */
async function serveSessions(maxSessions: number, redis?: RedisLink) {
  const kept = redis === undefined ? ({ kind: "memory", maxEvents: 100 } as const) : ({ kind: "redis" } as const);
  const endpoint = createLegacyEndpoint({
    registry: fakeRegistry({ echo: (args) => text(args) }),
    http: { ...SETTINGS, maxSessions, eventStore: { ...SETTINGS.eventStore, ...kept } },
    log: silentLog,
    timing: { heldMs: 100, keepAliveMs: 200 },
    ...(redis && { redis }),
  });
  const app = Fastify({ forceCloseConnections: true });
  app.route({
    method: ["GET", "POST", "DELETE"],
    url: "/mcp",
    exposeHeadRoute: false,
    handler: (request, reply) => endpoint.handle(request, reply, CALLER),
  });
  await app.listen({ host: "127.0.0.1", port: 0 });
  const { port } = app.server.address() as AddressInfo;
  const post = (payload: object, headers: Headers = {}) =>
    app.inject({ method: "POST", url: "/mcp", payload, headers: { ...HEADERS, ...headers } });
  return {
    post,
    open: async () => ({ "mcp-session-id": String((await post(INITIALIZE)).headers["mcp-session-id"]) }),
    end: (headers: Headers) => app.inject({ method: "DELETE", url: "/mcp", headers }),
    listen: (headers: Headers) => listenAt(port, headers),
    async close() {
      await endpoint.close();
      await app.close();
    },
  };
}

/** A stream of its own connection. */
function listenAt(port: number, headers: Headers): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    httpRequest({ port, path: "/mcp", agent: false, headers: { ...headers, accept: "text/event-stream" } }, resolve)
      .once("error", reject)
      .end();
  });
}

/** The whole life of a session: a call, a stream, and the end of both. */
async function useSession({ open, post, listen, end }: Sessions): Promise<void> {
  const headers = await open();
  await post(call(1, "echo", { x: 1 }), headers);
  const stream = await listen(headers);
  await end(headers);
  stream.resume();
  await new Promise((resolve) => stream.once("close", resolve));
}

/** Does the same so often, fifty at a time. */
async function repeat(count: number, one: (index: number) => Promise<unknown>): Promise<void> {
  let next = 0;
  await Promise.all(
    Array.from({ length: 50 }, async () => {
      while (next < count) await one(next++);
    }),
  );
}

/** Heap in use once all that can be collected is, and what buffers take beside it. */
async function memory(): Promise<number> {
  for (let round = 0; round < 5; round += 1) {
    collect();
    await delay(30);
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
