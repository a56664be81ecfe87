/**
 * Plain requests past the SDK's server: the same answers as through it, and left to it wherever a request is not plain.
 */
import { describe, expect, it } from "vitest";
import { PortkeyMcpError } from "../../src/errors/errors.ts";
import { createModernHandler } from "../../src/mcp/modern/modern-http.ts";
import { createRequestStateCodec } from "../../src/mcp/modern/request-state.ts";
import { RpcError } from "../../src/mcp/rpc-error.ts";
import { CALLER, fakeRegistry, text } from "./fake-registry.ts";
import { envelope, modernRequest, type Sent } from "./modern-request.ts";

const SCHEMA = { type: "object", properties: {} };
const registry = fakeRegistry({
  echo: (args) => text(args),
  meta: () => ({ ...text("m"), _meta: { sandbox: true } }),
  wrong: () => {
    throw new PortkeyMcpError("BAD_INPUT", "wrong", { field: "a" });
  },
  defect: () => {
    throw new TypeError("secret");
  },
  needs: () => {
    throw new RpcError(-32021, "needs sampling", { requiredCapabilities: { sampling: {} } });
  },
  ask: async (_args, link) => text(await link.elicit?.("Sure?", SCHEMA)),
});
const handler = createModernHandler(registry, { requestState: createRequestStateCodec("secret") });
const headersOf = ({ request }: Sent): Record<string, string> => Object.fromEntries(request.headers);
const SIGNAL = new AbortController().signal;
const plain = (sent: Sent, headers = headersOf(sent)) => handler.plain(headers, sent.body, CALLER, () => SIGNAL);

describe("a plain request", () => {
  const ELICITS = { elicitation: {} };
  const cases: readonly Sent[] = [
    modernRequest("tools/list"),
    modernRequest("tools/list", {}, ELICITS),
    modernRequest("tools/list", { cursor: "x" }),
    modernRequest("tools/call", { name: "echo", arguments: { a: [null, "", 1.5, "é"] } }),
    modernRequest("tools/call", { name: "echo", arguments: {}, _meta: { traceparent: "x" } }),
    modernRequest("tools/call", { name: "meta" }),
    modernRequest("tools/call", { name: "wrong" }),
    modernRequest("tools/call", { name: "defect" }),
    modernRequest("tools/call", { name: "needs" }),
    modernRequest("tools/call", { name: "nobody" }),
    modernRequest("tools/call", { name: "echo", arguments: [] }),
    modernRequest("tools/call", { name: "ask" }),
    modernRequest("tools/call", { name: "ask", requestState: "forged" }, ELICITS),
    modernRequest("tools/call", { name: "ask", requestState: 7 }),
    modernRequest("prompts/list"),
    modernRequest("prompts/get", { name: "greet", arguments: { who: "you" } }),
    modernRequest("resources/list"),
    modernRequest("resources/templates/list"),
    modernRequest("resources/read", { uri: "fake://one" }),
    modernRequest("resources/read", { uri: "other://x" }),
    modernRequest("completion/complete", {
      ref: { type: "ref/prompt", name: "greet" },
      argument: { name: "who", value: "a" },
    }),
  ];
  it.each(cases.map((sent) => [JSON.stringify(sent.body["params"]).slice(0, 90), sent] as const))(
    "is answered as the SDK answers it: %s",
    async (_what, sent) => {
      const slow = await handler.handle(sent.request, sent.body, CALLER);
      const quick = await plain(sent);
      expect([quick?.status, JSON.parse(String(quick?.body))]).toEqual([slow.status, await slow.json()]);
    },
  );

  it.each([
    ["a method", "m".repeat(100_000), {}],
    ["a tool's name", "tools/call", { name: "n".repeat(100_000) }],
    ["a resource's address", "resources/read", { uri: `fake://${"/".repeat(100_000)}` }],
  ])("whose %s no header could repeat is refused without saying it back", async (_what, method, params) => {
    const { body } = modernRequest("tools/list");
    const sent = { ...body, method, params: { ...(body["params"] as object), ...params } };
    const headers = { ...headersOf(modernRequest("tools/list")), "mcp-method": method.slice(0, 9), "mcp-name": "x" };
    const answer = await handler.plain(headers, sent, CALLER, () => SIGNAL);
    expect(answer?.status).toBe(400);
    expect(JSON.parse(String(answer?.body))).toMatchObject({
      id: body["id"],
      error: { code: -32600, message: expect.stringMatching(/^\w+: is longer than 8000 characters\.$/) },
    });
  });

  it("can ask, and be answered through either way", async () => {
    const ask = (extra: object = {}) => modernRequest("tools/call", { name: "ask", ...extra }, ELICITS);
    const first = JSON.parse(String((await plain(ask()))?.body)).result;
    expect(first).toMatchObject({
      resultType: "input_required",
      inputRequests: { "elicitation/create#1": { method: "elicitation/create" } },
    });
    const retry = ask({
      requestState: first.requestState,
      inputResponses: { "elicitation/create#1": { action: "decline" }, other: 7 },
    });
    const slow = (await (await handler.handle(retry.request, retry.body, CALLER)).json()) as { result: object };
    expect(JSON.parse(String((await plain(retry))?.body)).result).toEqual(slow.result);
    expect(slow.result).toMatchObject(text({ action: "decline" }));
  });

  it("gets the client's leaving", async () => {
    let seen: AbortSignal | undefined;
    const watching = createModernHandler(
      fakeRegistry({
        watch: (_args, link) => {
          seen = link.signal;
          return text("ok");
        },
      }),
    );
    const sent = modernRequest("tools/call", { name: "watch" });
    await watching.plain(headersOf(sent), sent.body, CALLER, () => SIGNAL);
    expect(seen).toBe(SIGNAL);
  });
});

describe("the SDK gets", () => {
  const list = modernRequest("tools/list");
  const call = modernRequest("tools/call", { name: "echo" });
  const without = (sent: Sent, name: string) =>
    Object.fromEntries(Object.entries(headersOf(sent)).filter(([key]) => key !== name));
  const withBody = (change: object): Sent => ({ ...list, body: { ...list.body, ...change } });
  const cases: readonly (readonly [what: string, Sent, Record<string, string>?])[] = [
    ["what may report progress", modernRequest("tools/call", { name: "echo", _meta: { progressToken: 1 } })],
    [
      "what may log",
      modernRequest("tools/call", { name: "echo", _meta: { "io.modelcontextprotocol/logLevel": "info" } }),
    ],
    ["discovery", modernRequest("server/discover")],
    ["subscriptions", modernRequest("subscriptions/listen", { notifications: {} })],
    ["an unknown method", modernRequest("tools/teleport")],
    ["no version header", list, without(list, "mcp-protocol-version")],
    ["no method header", list, without(list, "mcp-method")],
    ["no name header", call, without(call, "mcp-name")],
    ["another name in the header", call, { ...headersOf(call), "mcp-name": "other" }],
    ["an encoded name in the header", call, { ...headersOf(call), "mcp-name": "=?base64?ZWNobw==?=" }],
    ["another revision in the header", list, { ...headersOf(list), "mcp-protocol-version": "2099-01-01" }],
    [
      "a malformed envelope",
      withBody({ params: { _meta: { ...envelope(), "io.modelcontextprotocol/clientCapabilities": 7 } } }),
    ],
    ["no envelope", withBody({ params: {} })],
    ["a malformed id", withBody({ id: {} })],
    ["a notification", { ...list, body: { jsonrpc: "2.0", method: "tools/list", params: list.body["params"] } }],
  ];
  it.each(cases.map(([what, sent, headers = headersOf(sent)]) => [what, sent, headers] as const))(
    "%s",
    (_what, sent, headers) => {
      expect(plain(sent, headers)).toBeUndefined();
    },
  );
});
