/** The audit of the built server: its places and forms, masked arguments, and the command that verifies it. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { useCollector } from "../telemetry/collector.ts";
import { call, listening, useBuiltServer, type Running } from "./built-server.ts";

const server = useBuiltServer();
const collector = useCollector();

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "audit-"));
  file = join(folder, "audit.log");
});
afterEach(() => rmSync(folder, { recursive: true }));

const KEY = { MCP_AUDIT_CHAIN_KEY: "a-key-that-nobody-knows" };
const CHAINED = { MCP_AUDIT_CHAIN: "true", ...KEY };
const MESSAGES = [
  call(1, "list_prompts"),
  call(2, "create_config", { name: "c", config: { provider: "openai", api_key: "sk-planted-7f3a-0123456789" } }),
];

async function run(env: Record<string, string>, messages = MESSAGES): Promise<string> {
  const running: Running = server.start(["http", "--sandbox"], {
    MCP_PORT: "0",
    MCP_SESSION_MODE: "stateless",
    MCP_AUDIT_LOG: file,
    ...env,
  });
  const url = await listening(running);
  for (const message of messages) {
    const response = await fetch(`${url}/mcp`, {
      method: "POST",
      headers: { "content-type": "application/json", accept: "application/json, text/event-stream" },
      body: JSON.stringify({ jsonrpc: "2.0", ...message }),
    });
    await response.text();
  }
  return (await running.stop()).stderr;
}

const verify = (files: string[], env: Record<string, string> = KEY) =>
  server.start(["audit", "verify", ...files], env).ended;

describe("audit verify", () => {
  test("holds over a restart, and names the first broken line", async () => {
    await run(CHAINED);
    await run(CHAINED);
    expect(await verify([file])).toMatchObject({ code: 0, stdout: expect.stringMatching(/^ok: 5 lines hold\.$/m) });
    const text = readFileSync(file, "utf8");
    expect(text).not.toContain('"arguments"');
    writeFileSync(file, text.replace("list_prompts", "list_configs"));
    expect(await verify([file])).toMatchObject({
      code: 1,
      stdout: expect.stringContaining(`BROKEN at ${file}, line 2: its hash does not fit`),
    });
  });

  test("holds for lines of OCSF, and not by another key", async () => {
    await run({ ...CHAINED, MCP_AUDIT_FORMAT: "ocsf" });
    expect(await verify([file])).toMatchObject({ code: 0, stdout: expect.stringMatching(/^ok: \d lines hold\.$/m) });
    expect(await verify([file], { MCP_AUDIT_CHAIN_KEY: "another-key-of-somebody" })).toMatchObject({ code: 1 });
  });

  test.each<[string, string[], RegExp]>([
    ["another word", ["audit", "check", "x"], /Use: portkey-admin-mcp audit verify <file>/],
    ["a file that is not there", ["audit", "verify", "/nowhere"], /The audit cannot be read: ENOENT/],
  ])("%s is a mistake", async (_title, args, text) => {
    const ended = await server.start(args).ended;
    expect(ended.code).toBe(2);
    expect(ended.stderr + ended.stdout).toMatch(text);
  });

  test("a file without a chain is not one that holds", async () => {
    writeFileSync(file, '{"audit":"tool_call","tool":"list_prompts"}\n');
    expect(await verify([file])).toMatchObject({ code: 1, stdout: expect.stringContaining("No line carries a chain") });
  });
});

test("arguments stand in the lines where the policy asks for them, their secrets masked", async () => {
  const policy = join(folder, "policy.yaml");
  const rule = (audit: string) => `version: 1
rules: [{ name: one, match: { subject: nobody }, audit: ids }, { name: all, match: anyone, audit: ${audit} }]`;
  writeFileSync(policy, rule("arguments"));
  await run({ MCP_POLICY_FILE: policy });
  const text = readFileSync(file, "utf8");
  const lines = text.trimEnd().split("\n");
  expect(JSON.parse(lines[1] ?? "{}")).toMatchObject({
    tool: "create_config",
    arguments: { name: "c", config: { provider: "openai" } },
  });
  expect(text).not.toContain("sk-planted");

  writeFileSync(policy, rule("everything"));
  const { code, stderr } = await server.start(["http", "--sandbox"], { MCP_POLICY_FILE: policy }).ended;
  expect([code, stderr]).toEqual([2, expect.stringMatching(/policy\.yaml, line 2/)]);
});

test("a collector gets each line as a log record, with the trace of its call", async () => {
  const seen = await collector();
  await run({ MCP_AUDIT_LOG: "otlp", OTEL_EXPORTER_OTLP_ENDPOINT: seen.url });
  const records = seen.logs.filter(({ attributes }) => attributes["audit"] === "tool_call");
  const lines = records.map(({ body }) => JSON.parse(body as string) as { tool: string; trace_id: string });
  expect(lines.map(({ tool }) => tool)).toEqual(["list_prompts", "create_config"]);
  expect(records.map(({ traceId }) => traceId)).toEqual(lines.map(({ trace_id }) => trace_id));
});

test("a collector that cannot be reached is told, and holds up no call", async () => {
  const stderr = await run({ MCP_AUDIT_LOG: "otlp", OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:1" });
  expect(stderr).toMatch(/lines of the audit were not delivered to the collector/);
});

test("a collector that OpenTelemetry's settings do not name keeps the server from starting", async () => {
  const env = { MCP_PORT: "0", MCP_AUDIT_LOG: "otlp", OTEL_SDK_DISABLED: "true" };
  const { code, stderr } = await server.start(["http", "--sandbox"], env).ended;
  expect([code, stderr]).toEqual([2, expect.stringMatching(/lead to no collector/)]);
});
