/**
 * Whatever comes in over stdio, HTTP and Redis: no crash, no change of a prototype, and nothing that stops serving.
 * Seeded. FUZZ_SEED takes another seed; a failure names the seed.
 */
import fc from "fast-check";
import { connect, type Socket } from "node:net";
import { PassThrough, Writable } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createEntries } from "../../src/http/events/redis-entries.ts";
import { createRedisStore } from "../../src/http/events/redis-store.ts";
import { createLegacyEndpoint } from "../../src/http/legacy/create-endpoint.ts";
import { parseLegacyMessage } from "../../src/http/legacy/legacy-message.ts";
import { parseSessionRecord } from "../../src/http/legacy/sessions/session-schema.ts";
import { connectRedis, type RedisLink } from "../../src/http/redis/link.ts";
import { createSignedMessages } from "../../src/http/redis/signed-messages.ts";
import { createTrust } from "../../src/http/redis/trust.ts";
import { silentLog } from "../../src/log/log.ts";
import { serveStdio } from "../../src/stdio/serve-stdio.ts";
import { CALLER, fakeRegistry } from "../mcp-adapters/fake-registry.ts";
import { SETTINGS } from "./legacy/serve.ts";
import { hasRedis, startRedis, type RedisServer } from "./redis/redis-server.ts";
import { TIMES } from "../size.ts";
import { startApp, type Started } from "./start-app.ts";
import { prototypeMembers } from "../fuzz/prototypes.ts";

const INPUTS = 1_600 * TIMES;
const SEED = Number(process.env["FUZZ_SEED"] ?? 20_261_127);
const share = (part: number) => Math.ceil(INPUTS * part);

const clean = prototypeMembers();

const NAME = fc.oneof(
  fc.constantFrom("__proto__", "constructor", "prototype", "toString", "", "0", "-1", "jsonrpc", "id", "method"),
  fc.constantFrom("params", "_meta", "progressToken", "name", "arguments", "result", "error", "kind", "requestId"),
  fc.string({ maxLength: 8 }),
);
const LEAF = fc.oneof(
  fc.constantFrom("2.0", "tools/call", "tools/list", "initialize", "notifications/cancelled", "echo", "2026-07-28"),
  fc.constantFrom("answer", "cancel", "ended", "notify", "resumed"),
  fc.string({ unit: "binary", maxLength: 20 }),
  fc.integer(),
  fc.double(),
  fc.boolean(),
  fc.constant(null),
);
const { value: VALUE } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    LEAF,
    fc.array(tie("value"), { maxLength: 4 }),
    fc.array(fc.tuple(NAME, tie("value")), { maxLength: 5 }),
  ),
}));

/** As text, where a name may be `__proto__` and come twice, which no object in memory could say. */
function jsonOf(value: unknown): string {
  if (!Array.isArray(value)) return JSON.stringify(value) ?? "null";
  const isObject = value.length > 0 && value.every((entry) => Array.isArray(entry) && typeof entry[0] === "string");
  if (!isObject) return `[${value.map(jsonOf).join(",")}]`;
  const members = (value as [string, unknown][]).map(([name, entry]) => `${JSON.stringify(name)}:${jsonOf(entry)}`);
  return `{${members.join(",")}}`;
}

const META = '"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","__proto__":{"polluted":1}}';
const MESSAGE = fc
  .tuple(fc.constantFrom("1", '"a"', "null", "1.5", "[]"), LEAF, VALUE, fc.boolean())
  .map(
    ([id, method, params, meta]) =>
      `{"jsonrpc":"2.0","id":${id},"method":${JSON.stringify(method)},"params":${
        meta ? `{"name":"echo","arguments":${jsonOf(params)},${META}}` : jsonOf(params)
      }}`,
  );
const TEXT = fc.oneof(
  MESSAGE,
  VALUE.map(jsonOf),
  fc.tuple(MESSAGE, fc.nat(), fc.string({ unit: "binary", maxLength: 3 })).map(([text, at, noise]) => {
    const cut = at % (text.length + 1);
    return text.slice(0, cut) + noise + text.slice(cut + noise.length);
  }),
  fc.string({ unit: "binary", maxLength: 60 }),
  fc.constantFrom("[".repeat(50_000), '{"a":'.repeat(20_000), `"${"x".repeat(100_000)}"`, "1e999", "\ufeff{}"),
);

const sampled = <Value>(arbitrary: fc.Arbitrary<Value>, count: number): Value[] =>
  fc.sample(arbitrary, { numRuns: count, seed: SEED });

afterAll(() => expect(prototypeMembers(), `seed ${SEED}`).toBe(clean));

describe("stdio", () => {
  it(`takes any lines: ${share(0.4)}`, async () => {
    const input = new PassThrough();
    let answers = 0;
    let last = "";
    const output = new Writable({
      write(chunk: Buffer, _encoding, done) {
        answers += 1;
        last = chunk.toString();
        JSON.parse(last);
        done();
      },
    });
    const defects: unknown[] = [];
    const registry = fakeRegistry();
    const server = serveStdio({ input, output, registry, caller: CALLER, onDefect: (error) => defects.push(error) });
    const lines = sampled(TEXT, share(0.4));
    for (const [at, line] of lines.entries()) {
      input.write(`${line.replaceAll("\n", " ")}\n`);
      if (at % 500 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    input.write('{"jsonrpc":"2.0","id":"at the end","method":"ping"}\n');
    for (let waited = 0; !last.includes("at the end") && waited < 5_000; waited += 10) await delay(10);
    input.end();
    server.stop();
    await server.ended;
    expect(answers).toBeGreaterThan(lines.length / 10);
    expect(defects, `seed ${SEED}`).toEqual([]);
  }, 120_000);
});

describe("HTTP", () => {
  let server: Started;
  const failures: unknown[] = [];
  beforeAll(async () => {
    const log = {
      ...silentLog,
      write: (level: string, message: string, facts?: object) => {
        if (level === "error") failures.push([message, facts]);
      },
    };
    const { eventStore } = SETTINGS;
    server = await startApp(
      { sessionMode: "stateless", trustProxy: ["loopback"] },
      {
        log,
        legacy: (registry) =>
          createLegacyEndpoint({ registry, http: { ...SETTINGS, sessionMode: "stateless", eventStore }, log }),
      },
    );
  });
  afterAll(() => server.stop());

  const HEADER = fc.tuple(
    fc.constantFrom(
      ...["accept", "content-type", "mcp-protocol-version", "mcp-method", "mcp-name", "mcp-session-id", "origin"],
      ...["last-event-id", "authorization", "x-forwarded-for", "x-forwarded-host", "x-mcp-toolsets", "__proto__"],
      ...["constructor", "content-encoding", "expect", "te", "cookie", "x-portkey-api-key", "forwarded"],
    ),
    fc.oneof(
      fc.constantFrom("application/json", "text/event-stream", "2026-07-28", "2025-11-25", "tools/call", "*/*", "echo"),
      fc.string({ unit: fc.constantFrom("a", ",", ";", "=", '"', "/", "[", "%", "\u00e9", " ", "\t"), maxLength: 12 }),
    ),
  );
  const REQUEST = fc.record({
    method: fc.constantFrom("POST", "POST", "POST", "GET", "DELETE", "PUT", "OPTIONS", "PATCH"),
    path: fc.constantFrom("/mcp", "/mcp", "/mcp", "/mcp?tools=!", "/mcp?__proto__=1", "/%", "/metrics", "/", "/../mcp"),
    headers: fc.array(HEADER, { maxLength: 5 }),
    body: TEXT,
  });

  /** Sends one after the other on a few connections, and opens another where one was closed. */
  async function sendAll(requests: readonly string[]): Promise<Set<number>> {
    const statuses = new Set<number>();
    let at = 0;
    await Promise.all(
      Array.from({ length: 8 }, async () => {
        while (at < requests.length) {
          const socket = connect(server.port, "127.0.0.1");
          await sendOn(socket, () => (at < requests.length ? requests[at++] : undefined), statuses);
        }
      }),
    );
    return statuses;
  }

  function sendOn(socket: Socket, next: () => string | undefined, statuses: Set<number>): Promise<void> {
    return new Promise((resolve) => {
      let idle: NodeJS.Timeout | undefined;
      const send = (): void => {
        const request = next();
        if (request === undefined) socket.destroy();
        else socket.write(request);
      };
      const later = (ms: number): void => {
        clearTimeout(idle);
        // An answer that is a stream, or a request that is not complete: the next one goes on another connection.
        idle = setTimeout(() => socket.destroy(), ms);
      };
      socket.on("connect", () => (later(500), send()));
      socket.on("data", (chunk: Buffer) => {
        const status = /^HTTP\/1\.1 (\d{3})/.exec(chunk.toString("latin1"))?.[1];
        if (status !== undefined) statuses.add(Number(status));
        later(500);
        send();
      });
      socket.on("error", () => undefined);
      socket.on("close", () => (clearTimeout(idle), resolve()));
    });
  }

  it(`takes any requests: ${share(0.2)}`, async () => {
    const requests = sampled(REQUEST, share(0.2)).map(({ method, path, headers, body }) => {
      const all = [["host", "localhost"], ...headers.filter(([name]) => name !== "expect")];
      const types = headers.some(([name]) => name === "content-type") ? [] : [["content-type", "application/json"]];
      const fields = [...all, ...types, ["content-length", String(Buffer.byteLength(body))]];
      const lines = fields.map(([name, value]) => `${name}: ${value}\r\n`);
      return `${method} ${path} HTTP/1.1\r\n${lines.join("")}\r\n${body}`;
    });
    const statuses = await sendAll(requests);
    expect(failures, `seed ${SEED}`).toEqual([]);
    expect(
      [...statuses].filter((status) => status >= 500),
      `seed ${SEED}`,
    ).toEqual([]);
    const answer = await fetch(`${server.url}/health`);
    expect([answer.status, await answer.json()]).toEqual([200, { status: "ok" }]);
  }, 120_000);
});

/** What a text holds as JSON; nothing where it is none. */
function jsonIn(text: string): unknown[] {
  try {
    return [JSON.parse(text)];
  } catch {
    return [];
  }
}

describe("what Redis holds", () => {
  it(`is parsed or dropped, authentic or not: ${share(0.4)}`, () => {
    const trust = createTrust({ encryptionKey: null });
    const entries = createEntries(trust);
    const sender = createSignedMessages(trust.macKey, "other");
    const receiver = createSignedMessages(trust.macKey, "me");
    const texts = sampled(TEXT, share(0.4));
    const forged = texts.filter(
      (text) =>
        "fault" in receiver.open("c", text) &&
        entries.openBatch("k", ["1-0", ["d", text, "n", "1"]]) === undefined &&
        entries.openStandalone("k", ["1-0", ["d", text]]) === undefined,
    );
    expect(forged).toEqual(texts);
    // Even one that is authentic must have its form.
    const opened = texts.map((text) => receiver.open("c", sender.close("c", text)));
    expect(opened).toMatchObject(texts.map((payload) => ({ payload })));
    for (const text of texts.filter((_, at) => at % 2 === 0)) parseSessionRecord(text);
    const messages = texts.flatMap((text) => jsonIn(text)).map(parseLegacyMessage);
    expect(messages.filter((message) => message !== undefined && !Object.hasOwn(message, "kind"))).toEqual([]);
  }, 120_000);

  describe.skipIf(!hasRedis)("in a real one", () => {
    let redis: RedisServer;
    let link: RedisLink;
    beforeAll(async () => {
      redis = await startRedis();
      link = connectRedis({ url: redis.url, keyPrefix: "t" }, silentLog);
      await link.waitUntilAvailable(5_000);
    });
    afterAll(async () => {
      await link.close();
      await redis.close();
    });

    it(`ends nothing, on channels and in streams: ${share(0.02)}`, async () => {
      const endpoint = createLegacyEndpoint({
        registry: fakeRegistry(),
        http: { ...SETTINGS, eventStore: { ...SETTINGS.eventStore, kind: "redis" } },
        redis: link,
        log: silentLog,
      });
      const store = createRedisStore(link, "me", { ttlSeconds: 60, encryptionKey: null });
      const texts = sampled(TEXT, share(0.02));
      await delay(100);
      const channels = (await link.client.pubsub("CHANNELS", "t:to:*")) as string[];
      expect(channels).toHaveLength(2);
      for (const [at, text] of texts.entries()) {
        await link.client.publish(channels[at % 2] as string, text);
        await link.client.xadd(`t:{s}:call-${at % 7}`, "*", "d", text, "n", String(at));
      }
      const streams = Array.from({ length: 7 }, (_, n) => store.read({ scope: "s", stream: `call-${n}` }, 0));
      expect(await Promise.all(streams)).toEqual(streams.map(() => ({ events: [], ended: false })));
      await delay(100);
      expect(endpoint.dropped?.()).toMatchObject({ message: texts.length });
      await endpoint.close();
    }, 120_000);
  });
});
