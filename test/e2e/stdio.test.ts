import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { describe, expect, test } from "vitest";
import catalogue from "../../generated/portkey/catalogue.json" with { type: "json" };
import { call, INITIALIZE, useBuiltServer, useUpstream } from "./built-server.ts";

const server = useBuiltServer();
const upstream = useUpstream();
const modern = {
  _meta: {
    "io.modelcontextprotocol/protocolVersion": "2026-07-28",
    "io.modelcontextprotocol/clientInfo": { name: "test", version: "1" },
    "io.modelcontextprotocol/clientCapabilities": {},
  },
};

async function connect(args: string[], env: Record<string, string> = {}): Promise<Client> {
  const client = new Client({ name: "test", version: "1" });
  await client.connect(
    new StdioClientTransport({
      command: process.execPath,
      args: [server.path(), ...args],
      env: { ...server.environment, ...env },
      stderr: "inherit",
    }),
  );
  return client;
}

describe("the SDK's own client", () => {
  test("lists every tool and uses one on the sandbox", async () => {
    const client = await connect(["--sandbox"]);
    expect(client.getServerVersion()).toMatchObject({ name: "portkey-admin-mcp-sandbox" });
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual(["describe_tool", ...catalogue.map(({ name }) => name)]);
    const made = await client.callTool({ name: "create_collection", arguments: { name: "e2e" } });
    expect(made).toMatchObject({ content: [{ text: expect.stringContaining('"slug"') }], _meta: { sandbox: true } });
    expect(made).not.toHaveProperty("isError");
    await client.close();
  });

  test("sees only what the flags allow", async () => {
    const client = await connect(["--read-only", "--domains", "prompts,configs"], { PORTKEY_API_KEY: "pk-test" });
    const { tools } = await client.listTools();
    expect(tools.length).toBeGreaterThan(3);
    expect(tools.filter(({ annotations }) => annotations?.readOnlyHint !== true)).toEqual([]);
    expect(await client.callTool({ name: "create_prompt", arguments: {} })).toMatchObject({
      isError: true,
      content: [{ text: expect.stringContaining("PORTKEY_READ_ONLY") }],
    });
    await client.close();
  });
});

describe("requests reach Portkey as they were given", () => {
  test("with the key, and the answer comes back whole", async () => {
    const seen: unknown[] = [];
    const env = await upstream((request, response) => {
      seen.push([request.method, request.url, request.headers["x-portkey-api-key"]]);
      response.setHeader("content-type", "application/json").end('{"slug":"a b","config":"{}","extra":null}');
    });
    const running = server.start([], env);
    running.send(INITIALIZE, call(1, "get_config", { slug: "a b/ü" }));
    expect(await running.answer(1)).toMatchObject({
      result: { content: [{ text: '{"slug":"a b","config":"{}","extra":null}' }] },
    });
    expect(seen).toEqual([["GET", "/v1/configs/a%20b%2F%C3%BC", "pk-test"]]);
    expect(await running.end()).toMatchObject({ code: 0, stderr: "" });
  });

  test("through the modern era too", async () => {
    const env = await upstream((_request, response) =>
      response.setHeader("content-type", "application/json").end("[]"),
    );
    const running = server.start([], env);
    running.send({ id: 1, method: "server/discover", params: modern });
    expect(await running.answer(1)).toMatchObject({ result: { supportedVersions: ["2026-07-28"] } });
    running.send(
      { id: 2, method: "tools/list", params: modern },
      { id: 3, method: "tools/call", params: { name: "list_configs", arguments: {}, ...modern } },
    );
    expect(await running.answer(2)).toMatchObject({
      result: { tools: expect.arrayContaining([expect.objectContaining({ name: "list_configs" })]) },
    });
    expect(await running.answer(3)).toMatchObject({ result: { content: [{ text: "[]" }] } });
    expect(await running.end()).toMatchObject({ code: 0, stderr: "" });
  });
});

test("only MCP messages are on stdout, whatever comes in", async () => {
  const running = server.start([], { PORTKEY_API_KEY: "pk-test", LOG_LEVEL: "trace" });
  running.send(
    "hello?",
    INITIALIZE,
    "[]",
    { id: 1, method: "tools/nope" },
    call(2, "nope"),
    call(3, "get_config", { slug: 5 }),
    "{",
  );
  running.send(
    call(4, "get_config", { slug: "..", more: { x: 1 } }),
    call(5, "create_config", { name: "n", config: { a: "x".repeat(11 * 1024 * 1024) } }),
    { id: 6, method: "ping" },
  );
  expect(await running.answer(1)).toMatchObject({ error: { code: -32601 } });
  expect(await running.answer(2)).toMatchObject({
    error: { code: -32602, message: expect.stringContaining('There is no tool "nope"') },
  });
  expect(await running.answer(3)).toMatchObject({
    result: { isError: true, content: [{ text: expect.stringContaining("slug") }] },
  });
  expect(await running.answer(4)).toMatchObject({ result: { isError: true } });
  expect(await running.answer(5)).toMatchObject({
    error: { code: -32600, message: expect.stringContaining("more than this server reads") },
  });
  expect(await running.answer(6)).toMatchObject({ result: {} });
  const { code, stdout, stderr } = await running.end();
  expect(code).toBe(0);
  const logged = stderr
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as { level: string; msg: string });
  expect(logged).toContainEqual(
    expect.objectContaining({ level: "debug", msg: "call", tool: "get_config", outcome: "error" }),
  );
  const messages = stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as { jsonrpc: string });
  expect(messages.filter(({ jsonrpc }) => jsonrpc !== "2.0")).toEqual([]);
  expect(messages).toHaveLength(10);
});

test("an argument of almost 10 MB arrives whole", async () => {
  const big = "x".repeat(9 * 1024 * 1024);
  const env = await upstream((request, response) => {
    let length = 0;
    request.on("data", (chunk: Buffer) => (length += chunk.length));
    request.on("end", () => response.setHeader("content-type", "application/json").end(JSON.stringify({ length })));
  });
  const running = server.start([], env);
  running.send(INITIALIZE, call(1, "create_prompt_partial", { name: "n", string: big }));
  const sent = JSON.stringify({ name: "n", string: big }).length;
  expect(await running.answer(1)).toMatchObject({ result: { content: [{ text: JSON.stringify({ length: sent }) }] } });
});

describe("the end", () => {
  /** An upstream whose answer waits until it is let go. */
  async function slowUpstream() {
    let release = () => {};
    const released = new Promise<void>((resolve) => (release = resolve));
    let arrive = () => {};
    const arrived = new Promise<void>((resolve) => (arrive = resolve));
    let closed = () => {};
    const aborted = new Promise<void>((resolve) => (closed = resolve));
    const env = await upstream(async (request, response) => {
      request.socket.once("close", closed);
      arrive();
      await released;
      response.setHeader("content-type", "application/json").end('{"done":true}');
    });
    return { env, release, arrived, aborted };
  }

  test("waits for a call that runs when the client closes its end", async () => {
    const { env, release, arrived } = await slowUpstream();
    const running = server.start([], env);
    running.send(INITIALIZE, call(1, "list_configs"));
    await arrived;
    const ended = running.end();
    release();
    const { code, stdout, stderr } = await ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toContain('{\\"done\\":true}');
  });

  test.each(["SIGTERM", "SIGINT"] as const)("waits for it on %s as well", async (signal) => {
    const { env, release, arrived } = await slowUpstream();
    const running = server.start([], env);
    running.send(INITIALIZE, call(1, "list_configs"));
    await arrived;
    running.process.kill(signal);
    setTimeout(release, 50);
    const { code, stdout } = await running.ended;
    expect(code).toBe(0);
    expect(stdout).toContain('{\\"done\\":true}');
  });

  test("waits for it where one signal comes twice, as through npx to a group of processes", async () => {
    const { env, release, arrived } = await slowUpstream();
    const running = server.start([], env);
    running.send(INITIALIZE, call(1, "list_configs"));
    await arrived;
    running.process.kill("SIGINT");
    setTimeout(() => running.process.kill("SIGINT"), 20);
    setTimeout(release, 100);
    expect((await running.ended).stdout).toContain('{\\"done\\":true}');
  });

  test("comes at once with a second signal, and ends the request", async () => {
    const { env, arrived, aborted } = await slowUpstream();
    const running = server.start([], env);
    running.send(INITIALIZE, call(1, "list_configs"));
    await arrived;
    running.process.kill("SIGTERM");
    setTimeout(() => running.process.kill("SIGTERM"), 700);
    expect(await running.ended).toMatchObject({ code: 0 });
    await aborted;
  });

  test("a cancelled call ends its request to Portkey", async () => {
    const { env, arrived, aborted } = await slowUpstream();
    const running = server.start([], env);
    running.send(INITIALIZE, call(1, "list_configs"));
    await arrived;
    running.send({ method: "notifications/cancelled", params: { requestId: 1 } });
    await aborted;
    expect(await running.end()).toMatchObject({ code: 0 });
  });

  test("is quiet when nobody reads any more", async () => {
    const { env, arrived, release } = await slowUpstream();
    const running = server.start([], env);
    running.send(INITIALIZE, call(1, "list_configs"));
    await arrived;
    running.process.stdout.destroy();
    release();
    expect(await running.ended).toMatchObject({ code: 0, stderr: "" });
  });

  test("comes when there is no input at all", async () => {
    expect(await server.start([], { PORTKEY_API_KEY: "pk-test" }).end()).toEqual({
      code: 0,
      signal: null,
      stdout: "",
      stderr: "",
    });
  });
});
