/** Requests of clients that declared nothing are answered without the SDK, and as the SDK's server answers them. */
import { describe, expect, it } from "vitest";
import type { JSONRPCMessage, JSONRPCRequest } from "@modelcontextprotocol/sdk/types.js";
import { isPlain, PlainServer } from "../../../src/http/legacy/servers/plain-server.ts";
import type { RequestServer } from "../../../src/http/legacy/servers/request-server.ts";
import { SharedServer } from "../../../src/http/legacy/servers/shared-server.ts";
import { PortkeyMcpError } from "../../../src/errors/errors.ts";
import { CALLER, fakeRegistry, text } from "../../mcp-adapters/fake-registry.ts";

const registry = fakeRegistry({
  echo: (args) => text(args),
  reports: (_args, link) => {
    link.progress?.(1, 2, "half");
    link.log?.("info", { step: "half" });
    return text("done");
  },
  refuses: () => Promise.reject(new PortkeyMcpError("BAD_INPUT", "id: is required", { field: "id" })),
  breaks: () => Promise.reject(new TypeError("a secret of ours")),
  aborted: (_args, link) =>
    new Promise((_resolve, reject) => {
      link.signal.addEventListener("abort", () => reject(link.signal.reason as Error));
    }),
});

const silently = () => undefined;

interface Said {
  readonly answer: unknown;
  readonly before: readonly JSONRPCMessage[];
}

function ask(server: RequestServer, method: string, params: Record<string, unknown> | undefined): Promise<Said> {
  const before: JSONRPCMessage[] = [];
  const request = { jsonrpc: "2.0", id: "from the client", method, ...(params && { params }) } as JSONRPCRequest;
  return new Promise((resolve) => {
    const finish = (answer?: string) => resolve({ answer: JSON.parse(answer ?? "null"), before });
    server.ask(7, { request, caller: CALLER, emit: (message) => void before.push(message), finish });
  });
}

function openShared(): Promise<SharedServer> {
  const outgoingId = (number: number, id: string | number) => `self.${number}.${id}`;
  return SharedServer.open({ registry, outgoingId, onUnexpected: silently }, CALLER, {});
}

const call = (name: unknown, more: Record<string, unknown> = {}) => ({ name, arguments: { a: [1, "2"] }, ...more });

const REQUESTS: readonly (readonly [method: string, params: Record<string, unknown> | undefined])[] = [
  ["tools/list", undefined],
  ["tools/list", { cursor: "made up" }],
  ["tools/call", call("echo")],
  ["tools/call", call("reports")],
  ["tools/call", call("reports", { _meta: { progressToken: 0 } })],
  ["tools/call", call("reports", { _meta: { progressToken: "p" } })],
  ["tools/call", call("nothing of that name")],
  ["tools/call", call(17)],
  ["tools/call", undefined],
  ["tools/call", { name: "echo", arguments: [] }],
  ["tools/call", call("refuses")],
  ["tools/call", call("breaks")],
  ["prompts/list", {}],
  ["prompts/get", { name: "nothing of that name" }],
  ["resources/list", {}],
  ["resources/templates/list", {}],
  ["resources/read", { uri: "portkey://nothing" }],
  ["resources/read", {}],
  ["completion/complete", { ref: {}, argument: {} }],
];

describe("the server without the SDK", () => {
  it.each(REQUESTS)("says to %s %j what the SDK's server says", async (method, params) => {
    const plain = await ask(new PlainServer(registry, silently), method, params);
    expect(plain).toEqual(await ask(await openShared(), method, params));
    expect(plain.answer).toMatchObject({ jsonrpc: "2.0", id: "from the client" });
  });

  it("tells a defect to its own log alone", async () => {
    const told: unknown[] = [];
    const server = new PlainServer(registry, (error, method) => told.push([String(error), method]));
    const { answer } = await ask(server, "tools/call", call("breaks"));
    expect(JSON.stringify(answer)).not.toContain("secret");
    expect(told).toEqual([["TypeError: a secret of ours", "tools/call"]]);
  });

  it("tells that an answer could not be delivered, and goes on", async () => {
    const told: unknown[] = [];
    const server = new PlainServer(registry, (error) => told.push(String(error)));
    const request = { jsonrpc: "2.0", id: 1, method: "tools/list" } as const;
    const finish = () => {
      throw new Error("The connection is broken.");
    };
    server.ask(1, { request, caller: CALLER, emit: silently, finish });
    await expect.poll(() => told).toEqual(["Error: The connection is broken."]);
    expect((await ask(server, "tools/call", call("echo"))).answer).toHaveProperty("result");
  });

  it("aborts the one request that is cancelled", async () => {
    const server = new PlainServer(registry, silently);
    const cancelled = ask(server, "tools/call", call("aborted"));
    server.cancel(8, "another one");
    server.cancel(7, "not wanted any more");
    expect((await cancelled).answer).toHaveProperty("error");
  });
});

describe("a request is plain", () => {
  it.each([
    ["tools/call", {}, true],
    ["tools/call", { initialize: { capabilities: {} } }, true],
    ["tools/call", { initialize: { capabilities: { experimental: {} } } }, false],
    ["tools/call", { initialize: {} }, true],
    ["tools/call", { initialize: { capabilities: { elicitation: {} } } }, false],
    ["tools/call", { initialize: { capabilities: { sampling: {} } } }, false],
    ["tools/call", { initialize: { capabilities: { roots: { listChanged: true } } } }, false],
    ["tools/call", { level: "error" }, false],
    ["ping", {}, false],
    ["constructor", {}, false],
    ["resources/subscribe", {}, false],
  ])("%s after %j: %s", (method, declaration, plain) => {
    expect(isPlain(method, declaration)).toBe(plain);
  });
});
