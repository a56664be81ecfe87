import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { InMemoryTransport } from "@modelcontextprotocol/sdk/inMemory.js";
import {
  CreateMessageRequestSchema,
  ElicitRequestSchema,
  LoggingMessageNotificationSchema,
  ResultSchema,
  type ClientCapabilities,
} from "@modelcontextprotocol/sdk/types.js";
import { afterEach, describe, expect, it } from "vitest";
import { PortkeyMcpError } from "../../src/errors/errors.ts";
import { createLegacyServer, type LegacyOptions } from "../../src/mcp/legacy/legacy.ts";
import type { Registry } from "../../src/mcp/registry.ts";
import { CALLER, callerNamed, fakeRegistry, text } from "./fake-registry.ts";

const open: Client[] = [];
afterEach(async () => {
  for (const client of open.splice(0)) await client.close();
});

async function connect(
  registry: Registry,
  capabilities: ClientCapabilities = {},
  options?: LegacyOptions,
): Promise<Client> {
  const [near, far] = InMemoryTransport.createLinkedPair();
  const client = new Client({ name: "test", version: "1" }, { capabilities });
  open.push(client);
  await Promise.all([createLegacyServer(registry, CALLER, options).connect(far), client.connect(near)]);
  return client;
}

const ask = (client: Client, method: string, params?: Record<string, unknown>) =>
  client.request({ method, ...(params && { params }) } as never, ResultSchema);

describe("the legacy adapter answers", () => {
  const cases: readonly (readonly [method: string, params: Record<string, unknown> | undefined, want: unknown])[] = [
    [
      "tools/list",
      undefined,
      { tools: [{ name: "echo", description: "echo", inputSchema: { type: "object", properties: {} } }] },
    ],
    [
      "tools/call",
      { name: "echo", arguments: { a: null, b: "", n: 1.5 } },
      { content: [{ type: "text", text: '{"a":null,"b":"","n":1.5}' }] },
    ],
    ["tools/call", { name: "echo" }, { content: [{ type: "text", text: "{}" }] }],
    ["prompts/list", {}, { prompts: [{ name: "greet", arguments: [{ name: "who", required: true }] }] }],
    [
      "prompts/get",
      { name: "greet", arguments: { who: "you" } },
      { messages: [{ role: "user", content: { type: "text", text: "Hello you" } }] },
    ],
    ["resources/list", {}, { resources: [{ uri: "fake://one", name: "one" }] }],
    ["resources/templates/list", {}, { resourceTemplates: [{ uriTemplate: "fake://{id}", name: "any" }] }],
    ["resources/read", { uri: "fake://one" }, { contents: [{ uri: "fake://one", text: "body" }] }],
    [
      "completion/complete",
      { ref: { type: "ref/prompt", name: "greet" }, argument: { name: "who", value: "a" } },
      { completion: { values: ["a!"], total: 1, hasMore: false } },
    ],
    ["logging/setLevel", { level: "error" }, {}],
    ["ping", undefined, {}],
  ];
  it.each(cases)("%s %j", async (method, params, want) => {
    expect(await ask(await connect(fakeRegistry()), method, params)).toEqual(want);
  });

  it("says who it is, what it can do and what the caller is told", async () => {
    const client = await connect(fakeRegistry());
    expect(client.getServerVersion()).toEqual({ name: "fake", version: "1.0.0", title: "Fake" });
    expect(client.getServerCapabilities()).toEqual({
      tools: {},
      prompts: {},
      resources: {},
      completions: {},
      logging: {},
    });
    expect(client.getInstructions()).toBe("for local");
  });
});

describe("the legacy adapter refuses", () => {
  const cases: readonly (readonly [method: string, params: Record<string, unknown>, code: number, message: string])[] =
    [
      ["tools/call", { name: "nobody" }, -32602, "Unknown tool nobody."],
      ["tools/call", { name: 7 }, -32602, "name: must be a string."],
      ["tools/call", { name: "echo", arguments: [1] }, -32602, "arguments: must be an object."],
      ["tools/list", { cursor: "x" }, -32602, "cursor: unknown"],
      ["prompts/get", { name: "greet", arguments: { who: 1 } }, -32602, "arguments.who: must be a string."],
      ["prompts/get", { name: "absent" }, -32602, "Unknown prompt absent."],
      ["resources/read", { uri: "other://x" }, -32002, "No resource other://x."],
      ["resources/read", {}, -32602, "uri: must be a string."],
      ["completion/complete", { ref: { type: "ref/prompt", name: "greet" } }, -32602, "argument: must be an object."],
      ["tools/teleport", {}, -32601, "Method not found"],
      ["constructor", {}, -32601, "Method not found"],
    ];
  it.each(cases)("%s %j", async (method, params, code, message) => {
    const client = await connect(fakeRegistry());
    await expect(ask(client, method, params)).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message),
    });
  });

  it("says little of a long address back", async () => {
    const client = await connect(fakeRegistry());
    const error: unknown = await ask(client, "resources/read", { uri: `other://${"x".repeat(100_000)}` }).catch(
      (thrown: unknown) => thrown,
    );
    expect(JSON.stringify((error as { data: unknown }).data).length).toBeLessThan(200);
  });

  it("tells an unexpected error to the log and not to the client", async () => {
    const seen: unknown[] = [];
    const failing = fakeRegistry({
      fail: () => {
        throw new TypeError("secret in here");
      },
    });
    const client = await connect(failing, {}, { onUnexpected: (error, method) => seen.push([String(error), method]) });
    const refused = expect(ask(client, "tools/call", { name: "fail" })).rejects;
    await refused.toMatchObject({ code: -32603, message: expect.not.stringContaining("secret") });
    expect(seen).toEqual([["TypeError: secret in here", "tools/call"]]);
  });

  it("names Portkey's part in an error that is not the request's fault", async () => {
    const registry = {
      ...fakeRegistry(),
      readResource: async () => {
        throw new PortkeyMcpError("PORTKEY", "Portkey said 500.", { status: 500 });
      },
    };
    const client = await connect(registry as Registry);
    await expect(ask(client, "resources/read", { uri: "fake://x" })).rejects.toMatchObject({
      code: -32603,
      data: { code: "PORTKEY", status: 500 },
    });
  });
});

describe("the legacy adapter links the client", () => {
  it("offers to ask and to sample only where the client declared it", async () => {
    const offered = fakeRegistry({
      offered: (_args, link) => text([typeof link.elicit, typeof link.sample, typeof link.progress]),
    });
    const plain = await connect(offered);
    expect(await ask(plain, "tools/call", { name: "offered" })).toEqual(text(["undefined", "undefined", "undefined"]));
    const able = await connect(offered, { elicitation: {}, sampling: {} });
    expect(await ask(able, "tools/call", { name: "offered", _meta: { progressToken: 0 } })).toEqual(
      text(["function", "function", "function"]),
    );
  });

  it("carries a question and its answer", async () => {
    const schema = { type: "object", properties: { sure: { type: "boolean" } } };
    const client = await connect(
      fakeRegistry({ ask: async (_a, link) => text(await link.elicit?.("Sure?", schema)) }),
      { elicitation: { form: {} } },
    );
    client.setRequestHandler(ElicitRequestSchema, (request) => {
      expect(request.params).toMatchObject({ message: "Sure?", requestedSchema: schema });
      return { action: "accept", content: { sure: true } };
    });
    expect(await ask(client, "tools/call", { name: "ask" })).toEqual(
      text({ action: "accept", content: { sure: true } }),
    );
  });

  it("carries a sampling request and the model's answer", async () => {
    const answer = { model: "m", role: "assistant" as const, content: { type: "text" as const, text: "hi" } };
    const params = { messages: [{ role: "user", content: { type: "text", text: "say hi" } }], maxTokens: 5 };
    const client = await connect(fakeRegistry({ sample: async (_a, link) => text(await link.sample?.(params)) }), {
      sampling: {},
    });
    client.setRequestHandler(CreateMessageRequestSchema, () => answer);
    expect(await ask(client, "tools/call", { name: "sample" })).toEqual(text(answer));
  });

  it("sends progress that only grows, by the caller's token", async () => {
    const steps = fakeRegistry({
      steps: (_a, link) => {
        for (const step of [1, 2, 2, 1, 3]) link.progress?.(step, 3, `step ${step}`);
        return text("done");
      },
    });
    const client = await connect(steps);
    const seen: unknown[] = [];
    await client.request({ method: "tools/call", params: { name: "steps" } }, ResultSchema, {
      onprogress: (p) => seen.push(p),
    });
    expect(seen).toEqual([1, 2, 3].map((progress) => ({ progress, total: 3, message: `step ${progress}` })));
  });

  it("sends log messages from the level the client asked for", async () => {
    const logs = fakeRegistry({
      log: (_a, link) => {
        for (const level of ["debug", "warning", "alert"]) link.log?.(level, level);
        return text("ok");
      },
    });
    const client = await connect(logs);
    const seen: unknown[] = [];
    client.setNotificationHandler(LoggingMessageNotificationSchema, (n) => {
      seen.push(n.params);
    });
    await ask(client, "tools/call", { name: "log" });
    await ask(client, "logging/setLevel", { level: "error" });
    await ask(client, "tools/call", { name: "log" });
    expect(seen.map((entry) => (entry as { level: string }).level)).toEqual(["debug", "warning", "alert", "alert"]);
    expect(seen[0]).toEqual({ level: "debug", logger: "fake", data: "debug" });
  });

  it("aborts the call that the client cancels", async () => {
    let aborted: () => void = () => undefined;
    const done = new Promise<void>((resolve) => {
      aborted = resolve;
    });
    let started: () => void = () => undefined;
    const running = new Promise<void>((resolve) => {
      started = resolve;
    });
    const client = await connect(
      fakeRegistry({
        wait: (_a, link) =>
          new Promise((resolve) => {
            started();
            link.signal.addEventListener("abort", () => {
              aborted();
              resolve(text("stopped"));
            });
          }),
      }),
    );
    const controller = new AbortController();
    const call = client.request({ method: "tools/call", params: { name: "wait" } }, ResultSchema, {
      signal: controller.signal,
    });
    await running;
    controller.abort("enough");
    await expect(call).rejects.toThrow("enough");
    await done;
  });

  it("lets the host say who makes each request", async () => {
    const who = fakeRegistry({ who: (_a, _l, caller) => text(caller.principal) });
    const client = await connect(who, {}, { callerOf: () => callerNamed("alice") });
    expect(await ask(client, "tools/call", { name: "who" })).toEqual(text("alice"));
  });
});
