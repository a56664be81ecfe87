import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { createServer } from "node:net";
import { describe, expect, test } from "vitest";
import { listening, useBuiltServer } from "./built-server.ts";
import { listen } from "../listen.ts";

const server = useBuiltServer();

test.each([
  ["the http command", ["http", "--sandbox", "--port", "0"], {}, "index.js"],
  ["MCP_TRANSPORT=http", ["--sandbox"], { MCP_TRANSPORT: "http", MCP_PORT: "0" }, "index.js"],
  ["the server's own entry", ["--sandbox"], { PORT: "0" }, "server.js"],
])("%s serves the SDK's client, and ends on SIGTERM", async (_title, args, env, file) => {
  const running = server.start(args, { ...env, MCP_AUDIT_LOG: "off" }, file);
  const url = await listening(running);
  const client = new Client({ name: "test", version: "1" });
  await client.connect(new StreamableHTTPClientTransport(new URL(`${url}/mcp`)) as never);
  expect(await client.callTool({ name: "create_collection", arguments: { name: "e2e" } })).toMatchObject({
    content: [{ text: expect.stringContaining('"slug"') }],
    _meta: { sandbox: true },
  });
  await client.close();
  running.process.kill("SIGTERM");
  expect(await running.ended).toMatchObject({ code: 0, stdout: "" });
});

describe("a configuration that cannot work ends with a line for each mistake and exit code 2", () => {
  const cases: [string, Record<string, string>, RegExp[]][] = [
    ["no key", {}, [/PORTKEY_API_KEY is not set/]],
    [
      "mistakes of both kinds",
      { MCP_PORT: "x", PORTKEY_TIMEOUT_MS: "x", PORTKEY_API_KEY: "k" },
      [/MCP_PORT is "x"/, /PORTKEY_TIMEOUT_MS is "x"/],
    ],
    [
      "open to others without authentication",
      { MCP_HOST: "0.0.0.0", PORTKEY_API_KEY: "k" },
      [/MCP_ALLOW_UNAUTHENTICATED_HTTP/],
    ],
    [
      "an address of another machine",
      {
        MCP_HOST: "192.0.2.1",
        MCP_PORT: "0",
        MCP_ALLOW_UNAUTHENTICATED_HTTP: "true",
        PORTKEY_API_KEY: "k",
        LOG_LEVEL: "silent",
      },
      [/192\.0\.2\.1:0 is no address of this machine/],
    ],
  ];
  test.each(cases)("%s", async (_title, env, want) => {
    const { code, stdout, stderr } = await server.start(["http"], env).end();
    const lines = stderr.trimEnd().split("\n");
    const patterns = want.map((pattern) => expect.stringMatching(pattern) as string);
    expect({ code, stdout, lines }).toEqual({ code: 2, stdout: "", lines: patterns });
  });

  test("a port that is taken, of the sandbox", async () => {
    const taken = createServer();
    const { port } = await listen(taken);
    const { code, stderr } = await server.start(["sandbox", "--port", String(port)]).end();
    taken.close();
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: `portkey-admin-mcp: --port: 127.0.0.1:${port} is in use by another process.\n`,
    });
  });

  test("a port that is taken, with Redis configured", async () => {
    const taken = createServer();
    const { port } = await listen(taken);
    const env = {
      PORTKEY_API_KEY: "k",
      MCP_PORT: String(port),
      MCP_REDIS_URL: "redis://127.0.0.1:1",
      LOG_LEVEL: "silent",
    };
    const { code, stderr } = await server.start(["http"], env).end();
    taken.close();
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: `portkey-admin-mcp: MCP_HOST and MCP_PORT: 127.0.0.1:${port} is in use by another process.\n`,
    });
  });
});

test("no Portkey key is needed where each caller brings one", async () => {
  const running = server.start(["http"], { MCP_CREDENTIALS: "caller", MCP_PORT: "0" });
  await listening(running);
  expect(await running.stop()).toMatchObject({ code: 0 });
});

test("the sandbox alone says where it is and how to use it", async () => {
  const running = server.start(["sandbox"]);
  let text = "";
  const settings = await new Promise<string>((resolve) => {
    running.process.stdout.on("data", (chunk: string) => {
      text += chunk;
      if (text.includes("INSECURE_HTTP=true\n")) resolve(text);
    });
  });
  const env = Object.fromEntries(
    settings
      .trimEnd()
      .split("\n")
      .map((line) => line.split(/=(.*)/).slice(0, 2)),
  ) as Record<string, string>;
  const client = server.start([], env);
  client.send({
    id: 1,
    method: "initialize",
    params: { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "t", version: "1" } },
  });
  client.send({ id: 2, method: "tools/call", params: { name: "list_workspaces", arguments: {} } });
  expect(await client.answer(2)).toMatchObject({
    result: { content: [{ text: expect.stringContaining("Production") }] },
  });
  await client.end();
  expect(await running.stop()).toMatchObject({ code: 0 });
});
