/** What no client should send, over real sockets: the right status, a JSON-RPC body, and never a stack. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { requestText, sendRaw, type RawOptions } from "./raw-http.ts";
import { startApp, type Started } from "./start-app.ts";

const LIMIT = 4_096;
let server: Started;
beforeAll(async () => {
  server = await startApp({ maxRequestBytes: LIMIT }, { timeouts: { headersMs: 300, requestMs: 600, checkMs: 50 } });
});
afterAll(() => server.stop());

const JSON_HEADERS = [
  ["Content-Type", "application/json"],
  ["Accept", "application/json, text/event-stream"],
] as const;
const PING = '{"jsonrpc":"2.0","id":1,"method":"ping"}';
const post = (body: string, extra: readonly (readonly [string, string])[] = [], path = "/mcp") =>
  requestText("POST", path, [...JSON_HEADERS, ...extra], body);
const typed = (type: string, body = PING) =>
  requestText(
    "POST",
    "/mcp",
    [
      ["Content-Type", type],
      ["Accept", "*/*"],
    ],
    body,
  );

type Case = readonly [
  what: string,
  sent: string | readonly (string | Buffer)[],
  status: number,
  code: number,
  options?: RawOptions,
];

const CASES: readonly Case[] = [
  ["a body that is not JSON", post("{nope"), 400, -32700],
  ["half a JSON object", post('{"jsonrpc":"2.0","id":1,'), 400, -32700],
  ["single quotes", post("{'jsonrpc':'2.0'}"), 400, -32700],
  ["an empty body", post(""), 400, -32700],
  [
    "a body that is not UTF-8",
    [requestText("POST", "/mcp", [...JSON_HEADERS, ["Content-Length", "4"]]), Buffer.from([0x22, 0xff, 0xfe, 0x22])],
    400,
    -32700,
  ],
  ["a body that is only spaces", post("   "), 400, -32700],
  ["a form", typed("application/x-www-form-urlencoded", "a=1"), 415, -32000],
  ["text", typed("text/plain"), 415, -32000],
  ["XML", typed("application/xml", "<a/>"), 415, -32000],
  ["JSON in UTF-16", typed("application/json; charset=utf-16"), 415, -32000],
  ["something like JSON", typed("application/jsonp"), 415, -32000],
  ["no content type", requestText("POST", "/mcp", [], PING), 415, -32000],
  ["a compressed body", post("\u001f\u008b\u0008", [["Content-Encoding", "gzip"]]), 415, -32000],
  ["a body over the limit", post(`"${"x".repeat(LIMIT)}"`), 413, -32600],
  ["a body announced over the limit", post("{", [["Content-Length", "999999999"]]), 413, -32600],
  [
    "chunks over the limit",
    post(`${(LIMIT + 1).toString(16)}\r\n${"x".repeat(LIMIT + 1)}\r\n0\r\n\r\n`, [["Transfer-Encoding", "chunked"]]),
    413,
    -32600,
  ],
  ["PUT", requestText("PUT", "/mcp", JSON_HEADERS, PING), 405, -32000],
  ["PATCH", requestText("PATCH", "/mcp", JSON_HEADERS, PING), 405, -32000],
  ["TRACE", requestText("TRACE", "/mcp"), 405, -32000],
  ["/mcp/x", post(PING, [], "/mcp/x"), 404, -32000],
  ["//mcp/x", post(PING, [], "//mcp/x"), 404, -32000],
  ["/MCP", post(PING, [], "/MCP"), 404, 0],
  ["/mcp/../mcp", post(PING, [], "/mcp/../mcp"), 404, -32000],
  ["/mcp%2f", post(PING, [], "/mcp%2f"), 404, 0],
  ["a path that does not decode", post(PING, [], "/mcp/%zz"), 400, -32600],
  ["another host", post(PING, [["Host", "evil.example.com"]]), 403, -32000],
  ["a host with a user in it", post(PING, [["Host", "localhost@evil.example.com"]]), 403, -32000],
  ["an empty host", post(PING, [["Host", ""]]), 403, -32000],
  [
    "two hosts",
    post(PING, [
      ["Host", "localhost"],
      ["Host", "evil.example.com"],
    ]),
    400,
    -32600,
  ],
  ["another origin", post(PING, [["Origin", "https://evil.example.com"]]), 403, -32000],
  ["the origin null", post(PING, [["Origin", "null"]]), 403, -32000],
  ["an origin that only starts right", post(PING, [["Origin", "http://localhost.evil.example.com"]]), 403, -32000],
  [
    "two session ids",
    post(PING, [
      ["Mcp-Session-Id", "a"],
      ["Mcp-Session-Id", "b"],
    ]),
    400,
    -32600,
  ],
  [
    "two protocol versions",
    post(PING, [
      ["MCP-Protocol-Version", "2025-11-25"],
      ["mcp-protocol-version", "2025-11-25"],
    ]),
    400,
    -32600,
  ],
  [
    "two authorizations",
    post(PING, [
      ["Authorization", "Bearer a"],
      ["Authorization", "Bearer b"],
    ]),
    400,
    -32600,
  ],
  [
    "a preflight from another origin",
    requestText("OPTIONS", "/mcp", [
      ["Origin", "https://evil.example.com"],
      ["Access-Control-Request-Method", "POST"],
    ]),
    403,
    -32000,
  ],
  ["headers over 16 kB", post(PING, [["X-Long", "x".repeat(20_000)]]), 431, -32600],
  ["a header with a control character", post(PING, [["X-Bad", "a\u0000b"]]), 400, -32600],
  [
    "two content lengths",
    requestText("POST", "/mcp", [...JSON_HEADERS, ["Content-Length", "3"], ["Content-Length", "40"]], PING),
    400,
    -32600,
  ],
  [
    "a length and chunks at once",
    requestText("POST", "/mcp", [...JSON_HEADERS, ["Content-Length", "40"], ["Transfer-Encoding", "chunked"]], PING),
    400,
    -32600,
  ],
  [
    "a chunk size that is no number",
    requestText("POST", "/mcp", [...JSON_HEADERS, ["Transfer-Encoding", "chunked"]], "zz\r\n"),
    400,
    -32600,
  ],
  ["no HTTP at all", "\u0016\u0003\u0001\u0000\u00a5", 400, -32600],
  ["a request line of two words", "GET /mcp\r\n\r\n", 403, -32000],
  ["an unknown method", "BREW /mcp HTTP/1.1\r\nHost: localhost\r\n\r\n", 400, -32600],
  ["headers that never end", ["POST /mcp HTTP/1.1\r\n", "Host: localhost\r\n", "X-A: 1\r\n"], 408, -32600],
  [
    "headers in drops",
    ["POST /mcp HTTP/1.1\r\n", ...Array.from({ length: 30 }, (_, at) => `X-${at}: 1\r\n`)],
    408,
    -32600,
    { pauseMs: 40 },
  ],
  [
    "a body that never ends",
    [requestText("POST", "/mcp", [...JSON_HEADERS, ["Content-Length", "100"]]), '{"jsonrpc"'],
    408,
    -32600,
  ],
  [
    "an Upgrade to something else",
    requestText("GET", "/nowhere", [
      ["Connection", "Upgrade"],
      ["Upgrade", "websocket"],
    ]),
    404,
    0,
  ],
];

describe("bad input is refused", () => {
  it.each(CASES.map(([what, sent, status, code, options = {}]) => [what, sent, status, code, options] as const))(
    "%s",
    async (_what, sent, status, code, options) => {
      const [answer] = await sendRaw(server.port, typeof sent === "string" ? [sent] : sent, options);
      expect(answer?.status).toBe(status);
      expect(answer?.headers["content-type"]).toBe("application/json; charset=utf-8");
      expect(answer?.body).not.toMatch(/\n\s*at |node_modules|\.ts:|\.js:|FST_ERR|HPE_|Error:/);
      if (code === 0) return;
      expect(JSON.parse(answer?.body ?? "")).toEqual({
        jsonrpc: "2.0",
        id: expect.toSatisfy((id) => id === null || id === 1),
        error: { code, message: expect.stringMatching(/^[A-Z/].*\.$/) },
      });
    },
  );
});

describe("what is odd but right is answered", () => {
  it("requests sent without waiting, in their order", async () => {
    const answers = await sendRaw(server.port, [[1, 2, 3].map((id) => post(PING.replace("1", String(id)))).join("")], {
      answers: 3,
    });
    expect(answers.map(({ status, body }) => [status, JSON.parse(body).body.id])).toEqual([
      [200, 1],
      [200, 2],
      [200, 3],
    ]);
  });

  it("a bad one after a good one, which ends the connection", async () => {
    const answers = await sendRaw(server.port, [post(PING) + post("{nope") + post(PING)], {
      answers: 3,
      timeoutMs: 500,
    });
    expect(answers.map(({ status, headers }) => [status, headers["connection"]])).toEqual([
      [200, "keep-alive"],
      [400, "close"],
    ]);
  });

  it("HEAD, with the headers of its refusal alone", async () => {
    const response = await fetch(`${server.url}/mcp`, { method: "HEAD" });
    expect([response.status, response.headers.get("allow"), await response.text()]).toEqual([
      405,
      "POST, GET, DELETE, OPTIONS",
      "",
    ]);
  });

  it("an encoded path, which is the same path", async () => {
    const [answer] = await sendRaw(server.port, [post(PING, [], "/%6dcp")]);
    expect(answer?.status).toBe(200);
  });

  it("values that a parser might treat as more than values", async () => {
    const body =
      '{"jsonrpc":"2.0","id":1,"method":"ping","params":{"__proto__":{"a":1},"constructor":{"prototype":{}}}}';
    const [answer] = await sendRaw(server.port, [post(body)]);
    expect([answer?.status, answer?.body.includes('"__proto__":{"a":1}')]).toEqual([200, true]);
  });

  it("a body in chunks", async () => {
    const [answer] = await sendRaw(server.port, [
      post(`${PING.length.toString(16)}\r\n${PING}\r\n0\r\n\r\n`, [["Transfer-Encoding", "chunked"]]),
    ]);
    expect(answer?.status).toBe(200);
  });

  it("the server goes on", async () => {
    const [answer] = await sendRaw(server.port, [requestText("GET", "/health")]);
    expect([answer?.status, answer?.body]).toEqual([200, '{"status":"ok"}']);
  });
});
