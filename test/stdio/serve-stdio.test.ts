import { PassThrough } from "node:stream";
import { afterEach, describe, expect, test, vi } from "vitest";
import { serveStdio, type StdioOptions } from "../../src/stdio/serve-stdio.ts";
import { CALLER, fakeRegistry, text, type Behaviour } from "../mcp-adapters/fake-registry.ts";
import { envelope } from "../mcp-adapters/modern-request.ts";

type Json = Record<string, unknown>;

const open: { stop(): void }[] = [];
afterEach(() => {
  for (const server of open.splice(0)) {
    server.stop();
    server.stop();
  }
});

/** A server on a pair of pipes, and the client's end of them. */
function connect(tools?: Record<string, Behaviour>, options: Partial<StdioOptions> = {}) {
  const input = new PassThrough();
  const output = new PassThrough();
  const onDefect = vi.fn();
  const server = serveStdio({ input, output, registry: fakeRegistry(tools), caller: CALLER, onDefect, ...options });
  open.push(server);
  const received: Json[] = [];
  let wake = () => {};
  let rest = "";
  output.on("data", (chunk: Buffer) => {
    const lines = (rest + chunk.toString()).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) received.push(JSON.parse(line) as Json);
    wake();
  });
  const find = async (test: (message: Json) => boolean): Promise<Json> => {
    for (;;) {
      const found = received.find(test);
      if (found !== undefined) return found;
      await new Promise<void>((resolve) => (wake = resolve));
    }
  };
  const send = (message: Json | string) =>
    void input.write(`${typeof message === "string" ? message : JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
  return {
    input,
    output,
    server,
    received,
    onDefect,
    find,
    send,
    answer: (id: unknown) => find((message) => message["id"] === id && !("method" in message)),
  };
}

const initialize = (id: number, capabilities: Json = {}): Json => ({
  id,
  method: "initialize",
  params: { protocolVersion: "2025-11-25", capabilities, clientInfo: { name: "test", version: "1" } },
});
const call = (id: number, name: string, args: Json = {}, more: Json = {}): Json => ({
  id,
  method: "tools/call",
  params: { name, arguments: args, ...more },
});

describe("eras", () => {
  test("initialize opens the legacy era", async () => {
    const { send, answer } = connect();
    send(initialize(1));
    expect(await answer(1)).toMatchObject({ result: { protocolVersion: "2025-11-25", serverInfo: { name: "fake" } } });
    send({ method: "notifications/initialized" });
    send({ id: 2, method: "tools/list" });
    expect(await answer(2)).toMatchObject({ result: { tools: [{ name: "echo" }] } });
    send(call(3, "echo", { a: null }));
    expect(await answer(3)).toMatchObject({ result: { content: [{ text: '{"a":null}' }] } });
  });

  test("a claim of 2026-07-28 opens the modern era", async () => {
    const { send, answer } = connect();
    send({ id: 1, method: "server/discover", params: { _meta: envelope() } });
    expect(await answer(1)).toMatchObject({ result: { supportedVersions: ["2026-07-28"] } });
    send(call(2, "echo", { a: 1 }, { _meta: envelope() }));
    expect(await answer(2)).toMatchObject({ result: { content: [{ text: '{"a":1}' }] } });
    send(initialize(3));
    expect(await answer(3)).toMatchObject({ error: { code: -32022 } });
  });

  test("the modern era needs no discovery", async () => {
    const { send, answer } = connect();
    send(call(1, "echo", { a: 1 }, { _meta: envelope() }));
    expect(await answer(1)).toMatchObject({ result: { content: [{ text: '{"a":1}' }] } });
  });

  test("a client that discovered nothing for itself may still initialize", async () => {
    const { send, answer } = connect();
    send({ id: 1, method: "server/discover", params: { _meta: envelope() } });
    await answer(1);
    send(initialize(2));
    expect(await answer(2)).toMatchObject({ result: { protocolVersion: "2025-11-25" } });
    send({ id: 3, method: "tools/list" });
    expect(await answer(3)).toMatchObject({ result: { tools: [{ name: "echo" }] } });
  });

  test("a revision from the future is refused with the known ones", async () => {
    const { send, answer } = connect();
    send({
      id: 1,
      method: "server/discover",
      params: { _meta: { ...envelope(), "io.modelcontextprotocol/protocolVersion": "2099-01-01" } },
    });
    expect(await answer(1)).toMatchObject({ error: { code: -32022, data: { supported: ["2026-07-28"] } } });
  });

  test("the SDK is told of the opening that it did not answer", async () => {
    const { send, answer, received } = connect({
      can: (_args, { elicit }) => text(elicit === undefined ? "no" : "yes"),
    });
    send(initialize(1, { elicitation: {} }));
    await answer(1);
    send({ method: "notifications/initialized" });
    send(call(2, "can"));
    expect(await answer(2)).toMatchObject({ result: { content: [{ text: "yes" }] } });
    send({ id: 3, method: "ping" });
    await answer(3);
    expect(received.map(({ id }) => id)).toEqual([1, 2, 3]);
  });

  test("a second initialize is the SDK's to answer", async () => {
    const { send, find, answer } = connect();
    send(initialize(1));
    await answer(1);
    send(initialize(2));
    expect(await find(({ id }) => id === 2)).toMatchObject({ result: { protocolVersion: "2025-11-25" } });
  });

  test("messages in one chunk are answered, whatever has to be loaded first", async () => {
    const { input, answer } = connect();
    const lines = [
      initialize(1),
      { method: "notifications/initialized" },
      { id: 2, method: "tools/list" },
      call(3, "echo"),
    ];
    input.write(lines.map((line) => `${JSON.stringify({ jsonrpc: "2.0", ...line })}\n`).join(""));
    expect(await answer(3)).toMatchObject({ result: {} });
    expect(await answer(2)).toMatchObject({ result: {} });
  });
});

describe("bad input is answered, and the server lives", () => {
  const cases: [string, string | Json, Json][] = [
    ["not JSON", "what?", { id: null, error: { code: -32700 } }],
    ["a batch", "[]", { id: null, error: { code: -32600 } }],
    ["an unknown method", { id: 5, method: "tools/destroy" }, { id: 5, error: { code: -32601 } }],
    ["an unknown tool", call(5, "nope"), { id: 5, error: { code: -32602, message: "Unknown tool nope." } }],
    [
      "arguments that are a list",
      { id: 5, method: "tools/call", params: { name: "echo", arguments: [1] } },
      { id: 5, error: { code: -32602 } },
    ],
    [
      "a message of more than 10 MB",
      call(5, "echo", { a: "x".repeat(10 * 1024 * 1024) }),
      { id: 5, error: { code: -32600, message: expect.stringMatching(/has 1\d{7} bytes/) } },
    ],
  ];
  test.each(cases)("%s", async (_title, line, want) => {
    const { send, answer, onDefect } = connect();
    send(initialize(1));
    await answer(1);
    send(line);
    expect(await answer(want["id"])).toMatchObject(want);
    send({ id: 9, method: "ping" });
    expect(await answer(9)).toMatchObject({ result: {} });
    expect(onDefect).not.toHaveBeenCalled();
  });

  test("a message of almost 10 MB is taken", async () => {
    const { send, answer } = connect({ size: (args) => text(String(args["a"]).length) });
    send(initialize(1));
    send(call(2, "size", { a: "x".repeat(10 * 1024 * 1024 - 200) }));
    expect(await answer(2)).toMatchObject({ result: { content: [{ text: "10485560" }] } });
  });
});

describe("the end", () => {
  /** A tool that runs until it is let go, and says how it ended. */
  function slow() {
    let finish = () => {};
    const done = new Promise<void>((resolve) => (finish = resolve));
    let began = () => {};
    const running = new Promise<void>((resolve) => (began = resolve));
    const aborted = vi.fn();
    const tool: Behaviour = async (_args, { signal }) => {
      signal.addEventListener("abort", aborted);
      began();
      await done;
      signal.removeEventListener("abort", aborted);
      return text("done");
    };
    return { tool, finish, running, aborted };
  }

  test("comes with the client's, at once where nothing runs", async () => {
    const { input, server, send, answer } = connect();
    send(initialize(1));
    await answer(1);
    input.end();
    await server.ended;
  });

  test("comes even before a word was said", async () => {
    const { input, server, received } = connect();
    input.end();
    await server.ended;
    expect(received).toEqual([]);
  });

  test.each(["legacy", "modern"])("waits for what runs (%s)", async (era) => {
    const { tool, finish, running, aborted } = slow();
    const { input, server, send, answer } = connect({ slow: tool });
    if (era === "legacy") send(initialize(1));
    send(call(2, "slow", {}, era === "modern" ? { _meta: envelope() } : {}));
    await running;
    input.end();
    setTimeout(finish, 20);
    await server.ended;
    expect(await answer(2)).toMatchObject({ result: { content: [{ text: "done" }] } });
    expect(aborted).not.toHaveBeenCalled();
  });

  test("does not wait for ever", async () => {
    const { tool, running, aborted } = slow();
    const { input, server, send } = connect({ slow: tool }, { endGraceMs: 20 });
    send(initialize(1));
    send(call(2, "slow"));
    await running;
    input.end();
    await server.ended;
    expect(aborted).toHaveBeenCalled();
  });

  test("does not wait for a call that was cancelled", async () => {
    const { tool, running, aborted } = slow();
    const { input, server, send } = connect({ slow: tool });
    send(initialize(1));
    send(call(2, "slow"));
    await running;
    send({ method: "notifications/cancelled", params: { requestId: 2 } });
    input.end();
    await server.ended;
    expect(aborted).toHaveBeenCalled();
  });

  test("ends a question that nobody can answer any more", async () => {
    const ask: Behaviour = async (_args, { elicit }) => {
      const answer = await elicit?.("Sure?", { type: "object", properties: {} }).catch((error: Error) => error.message);
      return text(answer ?? "not asked");
    };
    const { input, server, send, find, answer } = connect({ ask });
    send(initialize(1, { elicitation: {} }));
    send({ method: "notifications/initialized" });
    send(call(2, "ask"));
    await find((message) => message["method"] === "elicitation/create");
    input.end();
    await server.ended;
    expect(await answer(2)).toMatchObject({
      result: { content: [{ text: expect.stringContaining("The client closed the connection.") }] },
    });
  });

  test("on being stopped gives running calls their time, and none when told twice", async () => {
    const first = slow();
    const once = connect({ slow: first.tool });
    once.send(initialize(1));
    once.send(call(2, "slow"));
    await first.running;
    once.server.stop();
    first.finish();
    await once.server.ended;
    expect(await once.answer(2)).toMatchObject({ result: {} });

    const second = slow();
    const twice = connect({ slow: second.tool });
    twice.send(initialize(1));
    twice.send(call(2, "slow"));
    await second.running;
    twice.server.stop();
    twice.server.stop();
    await twice.server.ended;
    expect(second.aborted).toHaveBeenCalled();
  });

  test("comes quietly when nobody reads", async () => {
    const { output, server, send, onDefect } = connect();
    output.destroy(Object.assign(new Error("write EPIPE"), { code: "EPIPE" }));
    send(initialize(1));
    await server.ended;
    expect(onDefect).not.toHaveBeenCalled();
  });
});
