/** Requests that Node's HTTP parser refuses, so that no hook of Fastify's ever sees them: counted, and told seldom. */
import { readFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { Duplex } from "node:stream";
import { afterEach, describe, expect, it } from "vitest";
import { createParserErrorHandler } from "../../src/http/routes/parser-errors.ts";
import type { Log } from "../../src/log/log.ts";
import { makeTlsFiles } from "../e2e/tls-files.ts";
import { requestText, sendRaw } from "./raw-http.ts";
import { startApp, type Started } from "./start-app.ts";

type Line = readonly [level: string, message: string, facts: unknown];
let lines: Line[] = [];
const log: Log = {
  write: (level, message, facts) => void lines.push([level, message, facts]),
  flush: async () => undefined,
};
const open: Started[] = [];
afterEach(async () => {
  lines = [];
  for (const server of open.splice(0)) await server.stop();
});
async function started(...args: Parameters<typeof startApp>): Promise<Started> {
  const server = await startApp(...args);
  open.push(server);
  return server;
}

const chunked: [string, string][] = [["Transfer-Encoding", "chunked"]];
const post = (...headers: [string, string][]) =>
  requestText("POST", "/mcp", [["Content-Type", "application/json"], ...headers]);

async function refusalsOf(url: string): Promise<Record<string, number>> {
  const served = await (await fetch(`${url}/metrics`)).text();
  const counts = [...served.matchAll(/^mcp_refusals_total\{reason="(\w+)"\} (\d+)$/gm)];
  return Object.fromEntries(counts.map(([, reason = "", count]) => [reason, Number(count)]));
}

describe("a request that cannot be read is counted by its reason", () => {
  it.each<[title: string, sent: string, status: number, reason: string]>([
    ["no HTTP at all", "\u0016\u0003\u0001\u0000\u00a5", 400, "not_http"],
    ["an unknown method", "BREW /mcp HTTP/1.1\r\nHost: localhost\r\n\r\n", 400, "not_http"],
    ["a length and chunks at once", post(["Content-Length", "40"], ...chunked), 400, "not_http"],
    ["headers over 16 kB", post(["X-Long", "x".repeat(20_000)]), 431, "headers_too_large"],
    ["chunk extensions over 16 kB", `${post(...chunked)}1;${"x".repeat(20_000)}\r\n`, 413, "too_large"],
    ["headers that never end", "POST /mcp HTTP/1.1\r\nHost: localhost\r\n", 408, "too_slow"],
  ])("%s", async (_title, sent, status, reason) => {
    const { port, url } = await started({}, { log, timeouts: { headersMs: 500, requestMs: 600, checkMs: 50 } });
    const [answer] = await sendRaw(port, [sent]);
    expect(answer?.status).toBe(status);
    expect(await refusalsOf(url)).toEqual({ [reason]: 1 });
    expect(lines).toContainEqual([
      "warn",
      "requests were refused before they could be read",
      { refused: 1, last: { reason, code: expect.stringMatching(/^(HPE|ERR)_/) as string } },
    ]);
  });

  it("plain HTTP on a port of HTTPS, which gets no answer", async () => {
    const files = makeTlsFiles(["localhost"]);
    const tls = { key: readFileSync(files.key, "utf8"), cert: readFileSync(files.cert, "utf8"), ca: null };
    files.remove();
    const { port } = await started({ tls }, { log });
    const socket = connect(port, "127.0.0.1");
    socket.write("GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n");
    let received = "";
    for await (const piece of socket) received += String(piece);
    expect(received).not.toContain("HTTP/1.1");
    expect(lines.map(([, , facts]) => facts)).toContainEqual({
      refused: 1,
      last: { reason: "handshake", code: "ERR_SSL_HTTP_REQUEST" },
    });
  });

  it("not a connection on which nothing has come, which ends without an answer", async () => {
    const { port, url } = await started({}, { log, timeouts: { headersMs: 200, requestMs: 300, checkMs: 50 } });
    let received = "";
    for await (const piece of connect(port, "127.0.0.1")) received += String(piece);
    expect(received).toBe("");
    expect(await refusalsOf(url)).toEqual({});
  });

  it("also on the metrics' own port", async () => {
    const { metricsUrl = "" } = await started({ metrics: { token: null, port: 0, host: "127.0.0.1" } });
    await sendRaw(Number(new URL(metricsUrl).port), ["no HTTP\r\n\r\n"]);
    expect(await refusalsOf(metricsUrl)).toEqual({ not_http: 1 });
  });
});

describe("the log", () => {
  const failure = (code: string) => Object.assign(new Error("of the parser"), { code });
  const socket = () => new Duplex({ read() {}, write: (_chunk, _encoding, done) => done() }) as Socket;

  it("tells of them once a minute at most, and how many there were since", () => {
    let now = 0;
    const counted: string[] = [];
    const metrics = { observeRefusal: (reason: string) => void counted.push(reason) };
    const refuse = createParserErrorHandler({ log, metrics, now: () => now });
    for (now of [0, 1, 59_999, 60_000, 60_001, 120_000]) refuse(failure("HPE_INVALID_METHOD"), socket());
    expect(counted).toHaveLength(6);
    expect(lines.map(([, , facts]) => (facts as { refused: number }).refused)).toEqual([1, 3, 2]);
  });

  it("says nothing of a client that has gone", () => {
    const counted: string[] = [];
    const metrics = { observeRefusal: (reason: string) => void counted.push(reason) };
    const refuse = createParserErrorHandler({ log, metrics });
    refuse(failure("ECONNRESET"), socket());
    expect([counted, lines]).toEqual([[], []]);
  });
});
