/** Clients that connect exactly when a server closes its door: each is answered or refused, and none is broken off. */
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { describe, expect, test } from "vitest";
import { closeDoor } from "../../src/http/status/close-door.ts";
import { quietTurn } from "../../src/http/status/quiet-turn.ts";
import { freePort } from "../free-port.ts";
import { isLong, TIMES } from "../size.ts";

const ROUNDS = 15 * TIMES;

/** In a thread of its own, as other processes are: what it does falls between any two steps of the server. */
const KNOCKING = `
const { connect } = require("node:net");
const { parentPort, workerData } = require("node:worker_threads");
const outcomes = {};
let over = false;
parentPort.once("message", () => { over = true; });
const knock = () => new Promise((resolve) => {
  let connected = false;
  let answer = "";
  // A balancer waits for a second, and turns to another server too.
  const patience = setTimeout(() => socket.destroy(), 50);
  const socket = connect(workerData, () => {
    connected = true;
    clearTimeout(patience);
    socket.write("POST / HTTP/1.1\\r\\nHost: a\\r\\nConnection: close\\r\\nContent-Length: 2\\r\\n\\r\\n{}");
  });
  socket.on("data", (data) => { answer += data; });
  socket.on("error", () => undefined);
  socket.on("close", () => resolve(answer.includes("200 OK") ? "answered" : connected ? "broken off" : "refused"));
});
const loop = async () => {
  while (!over) {
    const outcome = await knock();
    outcomes[outcome] = (outcomes[outcome] || 0) + 1;
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
};
Promise.all(Array.from({ length: 8 }, loop)).then(() => parentPort.postMessage(outcomes));
`;

async function openAndClose(host: string, port: number, close: (server: Server) => Promise<void>): Promise<void> {
  const server = createServer((request, response) => {
    request.resume().on("end", () => response.end("ok"));
  }).listen(port, host);
  await once(server, "listening");
  await delay(40);
  await close(server);
  await delay(150);
  await quietTurn();
  server.closeAllConnections();
}

const HOSTS = isLong ? ["127.0.0.1", "0.0.0.0", "::1", "::"] : ["127.0.0.1", "::"];

describe.each(HOSTS)("a server at %s", (host) => {
  test("breaks off nobody who connects while it closes", async () => {
    const port = await freePort();
    const worker = new Worker(KNOCKING, {
      eval: true,
      workerData: { port, host: host.includes(":") ? "::1" : "127.0.0.1" },
    });
    for (let round = 0; round < ROUNDS; round += 1) await openAndClose(host, port, closeDoor);
    worker.postMessage("over");
    const [outcomes] = (await once(worker, "message")) as [Record<string, number>];
    await worker.terminate();
    expect(outcomes["broken off"] ?? 0).toBe(0);
    expect(outcomes["answered"]).toBeGreaterThan(ROUNDS * 5);
    expect(outcomes["refused"]).toBeGreaterThan(ROUNDS * 5);
  });
});

test("a server that listens nowhere has no door to close", async () => {
  const server = createServer();
  await closeDoor(server);
  expect(server.listening).toBe(false);
});
