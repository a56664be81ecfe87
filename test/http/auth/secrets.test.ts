/**
 * Every tool is called over HTTP with secrets in its arguments, in the answers, in the headers of the caller.
 * Afterwards
 * the log at its most talkative, the audit, the metrics and every command that Redis was sent are searched, as are
 * errors and dry runs: none may hold one.
 */
import { Redis } from "ioredis";
import { randomBytes } from "node:crypto";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadSchemas } from "../../../src/catalog/editions.ts";
import { loadCatalogue } from "../../main-catalogue.ts";
import type { ToolRecord } from "../../../src/catalog/record.ts";
import { createLog, type Log } from "../../../src/log/log.ts";
import { hasRedis, startRedis, type RedisServer } from "../redis/redis-server.ts";
import { CONTENT, sampleArguments, SECRET } from "./sample-arguments.ts";
import { serve, type Served } from "./served.ts";

const TOKEN = "caller-token-tell-no-one-either";
const CALLER_KEY = "pk-tell-no-one-caller";
const CALLER_ADMIN_KEY = "pk-tell-no-one-admin";
const ANSWER = "tell-no-one-answer";
const SECRETS = [SECRET, TOKEN, CALLER_KEY, CALLER_ADMIN_KEY, ANSWER];

const { records } = loadCatalogue();
let folder: string;
let log: Log;
let fd: number;
let server: Served;
let redis: RedisServer | undefined;
let monitor: Redis | undefined;
let session = "";
/** Every command that Redis got, as MONITOR shows it. */
const commands: string[] = [];
let mode: "answer" | "refuse" | "break" = "answer";

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "secrets-"));
  fd = openSync(join(folder, "log"), "a");
  log = createLog("trace", fd);
  if (hasRedis) {
    redis = await startRedis();
    // It watches by a connection of its own.
    const client = new Redis(redis.url);
    monitor = await client.monitor();
    client.disconnect();
    monitor.on("monitor", (_time: string, args: readonly string[]) => commands.push(args.join(" ")));
  }
  server = await serve(
    {
      ...(redis && {
        redis: { url: redis.url, keyPrefix: "mcp" },
        eventStore: {
          kind: "redis",
          ttlSeconds: 60,
          maxEvents: 1_000,
          maxBytes: 1_000_000,
          encryptionKey: randomBytes(32),
        },
      }),
      auth: { mode: "bearer", tokens: [{ name: "tester", token: TOKEN }] },
      credentials: "caller",
      auditLog: join(folder, "audit"),
    },
    {
      log,
      answer: ({ body }) => {
        if (mode === "break") throw new Error("hung up");
        if (mode === "refuse")
          return { success: false, data: { message: `Not accepted: ${body.slice(0, 4_000)}`, errorCode: "AB01" } };
        return { id: "id-1", key: ANSWER, data: [{ id: "id-1", secret: ANSWER, note: ANSWER }], total: 1 };
      },
      status: () => (mode === "refuse" ? 400 : 200),
    },
  );
  const started = await post({
    id: 1,
    method: "initialize",
    params: { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "test", version: "1" } },
  });
  session = started.headers.get("mcp-session-id") ?? "";
  await started.text();
});
afterAll(async () => {
  await server.stop();
  monitor?.disconnect();
  await redis?.close();
  closeSync(fd);
  rmSync(folder, { recursive: true });
});

function post(message: object): Promise<Response> {
  return fetch(`${server.url}/mcp`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${TOKEN}`,
      "x-portkey-api-key": CALLER_KEY,
      "x-portkey-admin-api-key": CALLER_ADMIN_KEY,
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
      ...(session !== "" && { "mcp-session-id": session, "mcp-protocol-version": "2025-11-25" }),
    },
    body: JSON.stringify({ jsonrpc: "2.0", ...message }),
  });
}

let id = 1;

async function call(name: string, args: unknown): Promise<{ text: string; isError: boolean }> {
  const response = await post({ id: (id += 1), method: "tools/call", params: { name, arguments: args } });
  const text = await response.text();
  expect(response.status, text).toBe(200);
  return { text, isError: text.includes('"isError":true') };
}

/** The secrets that stand in `text`. */
const found = (text: string) => SECRETS.filter((secret) => text.includes(secret));

describe("a run of every tool with secrets everywhere", () => {
  it("reaches Portkey with them, and shows them in no error and no dry run", { timeout: 120_000 }, async () => {
    const schemas = await loadSchemas();
    const leaks: string[] = [];
    /** Calls every tool, eight at a time; returns how many succeeded. */
    const round = async (title: string, more: object, tools: readonly ToolRecord[]) => {
      const queue = tools.values();
      let succeeded = 0;
      const worker = async () => {
        for (const record of queue) {
          const args = sampleArguments(record, schemas[record.name] ?? {});
          delete args["dry_run"];
          const { text, isError } = await call(record.name, { ...args, ...more });
          if (!isError) succeeded += 1;
          if ((isError || "dry_run" in more) && found(text).length > 0) leaks.push(`${record.name}, ${title}: ${text}`);
        }
      };
      await Promise.all(Array.from({ length: 8 }, worker));
      return succeeded;
    };
    // A composite reads what it answered before, which one answer for everything does not suit.
    const plain = records.filter(({ composite }) => composite === undefined);
    const answered = await round("answered", {}, plain);
    await round(
      "answered",
      {},
      records.filter(({ composite }) => composite !== undefined),
    );
    const planned = await round(
      "dry run",
      { dry_run: true },
      records.filter(({ risk }) => risk !== "read"),
    );
    mode = "refuse";
    await round("refused", {}, records);
    mode = "break";
    await call("list_prompts", {});
    expect(leaks).toEqual([]);
    // The run says something only if the calls were really made.
    expect(answered).toBeGreaterThan(plain.length * 0.95);
    expect(planned).toBeGreaterThan(80);
    expect(JSON.stringify(server.portkey.requests)).toContain(SECRET);
    expect(server.portkey.requests.every(({ headers }) => !JSON.stringify(headers).includes(TOKEN))).toBe(true);
  });

  it("leaves none of them, and nothing of bodies, in log, audit and metrics", async () => {
    await fetch(`${server.url}/mcp`, {
      method: "POST",
      headers: { authorization: `Bearer ${SECRET}`, "content-type": "application/json" },
      body: `{"key":"${SECRET}`,
    });
    await fetch(`${server.url}/mcp?access_token=${SECRET}`, { method: "POST" });
    await log.flush();
    const metrics = await fetch(`${server.url}/metrics`, { headers: { authorization: `Bearer ${TOKEN}` } });
    const places = {
      log: readFileSync(join(folder, "log"), "utf8"),
      audit: readFileSync(join(folder, "audit"), "utf8"),
      metrics: await metrics.text(),
      redis: commands.join("\n"),
    };
    const shown = Object.entries(places).map(([place, text]) => [place, found(text), text.includes(CONTENT)]);
    expect(shown).toEqual(Object.keys(places).map((place) => [place, [], false]));
    expect(places.audit.trim().split("\n").length).toBeGreaterThan(records.length * 2);
    expect(places.metrics).toContain("create_api_key");
    if (hasRedis) expect(commands.length).toBeGreaterThan(records.length);
  });
});
