import { SUPPORTED_PROTOCOL_VERSIONS } from "@modelcontextprotocol/sdk/types.js";
import { describe, expect, test } from "vitest";
import { createLegacyServer } from "../../src/mcp/legacy/legacy.ts";
import { LEGACY_REVISIONS } from "../../src/mcp/legacy/legacy-initialize.ts";
import { serveModernStdio } from "../../src/mcp/modern/modern.ts";
import type { Registry } from "../../src/mcp/registry.ts";
import { answerOpening } from "../../src/stdio/opening.ts";
import type { Message } from "../../src/mcp/message.ts";
import { CALLER, fakeRegistry } from "../mcp-adapters/fake-registry.ts";
import { envelope } from "../mcp-adapters/modern-request.ts";

type Json = Record<string, unknown>;

/** A transport whose server's first answer is awaited. */
function line() {
  let answered: (message: Json) => void = () => {};
  const answer = new Promise<Json>((resolve) => (answered = resolve));
  const transport = {
    // eslint-disable-next-line @typescript-eslint/no-explicit-any -- both SDKs' message types
    onmessage: undefined as ((message: any) => void) | undefined,
    start: async () => {},
    close: async () => {},
    send: async (message: object) => answered(message as Json),
  };
  return { transport, answer };
}

async function sdkAnswer(registry: Registry, message: Message, modern: boolean): Promise<Json> {
  const { transport, answer } = line();
  if (modern) serveModernStdio(registry, CALLER, { transport: transport as never });
  else await createLegacyServer(registry, CALLER).connect(transport as never);
  transport.onmessage?.(message);
  return answer;
}

const initialize = (params: Json): Message => ({ jsonrpc: "2.0", id: 1, method: "initialize", params });
const client = { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "c", version: "1" } };
const list = (method: string, params?: Json): Message => ({ jsonrpc: "2.0", id: 1, method, ...(params && { params }) });
const registries: [string, Registry][] = [
  ["plain", fakeRegistry()],
  ["without instructions", { ...fakeRegistry(), instructions: () => "" }],
  ["with subscriptions", { ...fakeRegistry(), watch: () => {} }],
];

test("the legacy revisions are the SDK's", () => {
  expect(LEGACY_REVISIONS).toEqual(SUPPORTED_PROTOCOL_VERSIONS);
});

describe.each(registries)(
  "what is answered without an SDK is what the SDK would have answered (%s)",
  (_title, registry) => {
    const legacy: Message[] = [
      ...[...SUPPORTED_PROTOCOL_VERSIONS, "2026-07-28", "1999-01-01"].map((protocolVersion) =>
        initialize({ ...client, protocolVersion }),
      ),
      initialize({
        ...client,
        capabilities: { elicitation: {}, sampling: {}, roots: { listChanged: true } },
        clientInfo: { name: "c", version: "1", title: "C" },
      }),
      list("ping"),
      list("tools/list"),
      list("tools/list", { _meta: { progressToken: 1 } }),
      list("prompts/list", {}),
      list("resources/list"),
      list("resources/templates/list"),
    ];
    test.each(legacy)("legacy: $method $params", async (message) => {
      const { result } = await sdkAnswer(registry, message, false);
      expect(JSON.parse(answerOpening(message, false, registry, CALLER) ?? "null")).toEqual(result);
    });

    const modern: Message[] = [
      "server/discover",
      "tools/list",
      "prompts/list",
      "resources/list",
      "resources/templates/list",
    ].flatMap((method) => [
      list(method, { _meta: envelope() }),
      list(method, { _meta: envelope({ elicitation: {} }) }),
    ]);
    test.each(modern)("modern: $method", async (message) => {
      const { result } = await sdkAnswer(registry, message, true);
      expect(JSON.parse(answerOpening(message, true, registry, CALLER) ?? "null")).toEqual(result);
    });
  },
);

describe("what is left to the SDK", () => {
  const cases: [string, Message, boolean][] = [
    ["a call", list("tools/call", { name: "echo" }), false],
    ["an unknown method", list("constructor"), false],
    ["a cursor", list("tools/list", { cursor: "x" }), false],
    ["initialize without a client", initialize({ ...client, clientInfo: undefined }), false],
    ["initialize with a number as revision", initialize({ ...client, protocolVersion: 5 }), false],
    ["initialize with capabilities that are none", initialize({ ...client, capabilities: { sampling: true } }), false],
    ["a notification", { jsonrpc: "2.0", method: "tools/list" }, false],
    ["a modern ping", list("ping", { _meta: envelope() }), true],
    ["a modern request without its envelope", list("tools/list"), true],
    [
      "a client without a version",
      list("tools/list", { _meta: { ...envelope(), "io.modelcontextprotocol/clientInfo": { name: "c" } } }),
      true,
    ],
    [
      "another revision",
      list("server/discover", { _meta: { ...envelope(), "io.modelcontextprotocol/protocolVersion": "2099-01-01" } }),
      true,
    ],
    [
      "a wish for log lines",
      list("tools/list", { _meta: { ...envelope(), "io.modelcontextprotocol/logLevel": "debug" } }),
      true,
    ],
  ];
  test.each(cases)("%s", (_title, message, modern) => {
    expect(answerOpening(message, modern, fakeRegistry(), CALLER)).toBeUndefined();
  });
});
