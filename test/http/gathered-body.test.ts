/** A body in pieces of one byte: read like any other, within the same limit, and no larger in memory. */
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startApp, type Started } from "./start-app.ts";

const MB = 1024 * 1024;
let server: Started;
beforeAll(async () => {
  server = await startApp();
});
afterAll(() => server.stop());

const HEAD = (more: string) =>
  `POST /mcp HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\nContent-Type: application/json\r\n` +
  `Accept: application/json, text/event-stream\r\nConnection: close\r\n${more}\r\n\r\n`;
const chunked = (text: string) => [...text].map((character) => `1\r\n${character}\r\n`).join("");

async function send(text: string): Promise<Socket> {
  const socket = connect(server.port, "127.0.0.1");
  await once(socket, "connect");
  if (!socket.write(text)) await once(socket, "drain");
  return socket;
}

async function answerTo(text: string): Promise<string> {
  const socket = await send(text);
  let answer = "";
  for await (const piece of socket) answer += String(piece);
  return answer;
}

const message = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "ping", params: { text: "größe".repeat(5_000) } });

test.each([
  ["in chunks", (text: string) => `${HEAD("Transfer-Encoding: chunked")}${chunked(text)}0\r\n\r\n`],
  ["with its length", (text: string) => `${HEAD(`Content-Length: ${Buffer.byteLength(text)}`)}${text}`],
])("a long body %s is what was sent", async (_what, request) => {
  const ascii = message.replace(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
  expect(await answerTo(request(ascii))).toContain("größe".repeat(5_000));
});

test("one that is larger than the limit is refused", async () => {
  const large = `${HEAD("Transfer-Encoding: chunked")}${chunked("x".repeat(2_000)).repeat(550)}`;
  expect(await answerTo(large).catch((error: Error) => error.message)).toMatch(/^HTTP\/1\.1 413|EPIPE|ECONNRESET/);
});

test("one that breaks off disturbs nobody", async () => {
  const socket = await send(`${HEAD("Transfer-Encoding: chunked")}${chunked("x".repeat(200))}`);
  socket.destroy();
  expect(await answerTo(`${HEAD("Transfer-Encoding: chunked")}${chunked(message.slice(0, 40))}0\r\n\r\n`)).toContain(
    "400",
  );
});

test("several that nobody ends take little more than their bytes", async () => {
  const body = `${HEAD("Transfer-Encoding: chunked")}${chunked(" ".repeat(1_000)).repeat(900)}`;
  const before = process.memoryUsage();
  const sockets = await Promise.all(Array.from({ length: 3 }, () => send(body)));
  while (sockets.some(({ writableLength, destroyed }) => writableLength > 0 && !destroyed)) await delay(20);
  const samples: number[] = [];
  for (let count = 0; count < 10; count++) {
    await delay(50);
    const { heapUsed, external } = process.memoryUsage();
    samples.push(heapUsed + external - before.heapUsed - before.external);
  }
  expect(sockets.every(({ destroyed }) => !destroyed)).toBe(true);
  for (const socket of sockets) socket.destroy();
  expect(Math.min(...samples)).toBeLessThan(80 * MB);
});
