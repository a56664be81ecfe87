/** A client that writes and does not read: the real process, with real pipes. */
import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { readFileSync } from "node:fs";
import { PassThrough, Writable } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, describe, expect, it } from "vitest";
import { Wire } from "../../src/stdio/wire.ts";
import type { Message } from "../../src/mcp/message.ts";
import { INITIALIZE } from "../http/legacy/wire.ts";

let child: ChildProcessWithoutNullStreams | undefined;
afterEach(() => void child?.kill("SIGKILL"));

const opening = `${JSON.stringify({ ...INITIALIZE, id: "i" })}\n`;

function start(): ChildProcessWithoutNullStreams {
  child = spawn(process.execPath, ["--import", "tsx", "src/cli/index.ts", "--sandbox"], { stdio: "pipe" });
  child.stderr.resume();
  child.stdin.on("error", () => undefined);
  return child;
}

const lists = (count: number) =>
  Array.from({ length: count }, (_, id) => `{"jsonrpc":"2.0","id":${id},"method":"tools/list"}\n`).join("");

/** Megabytes. */
function memoryOf(pid: number): number {
  const [, kilobytes] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
  return Number(kilobytes) / 1024;
}

describe("a client that does not read", () => {
  it.each([3_000, 20_000])("costs a bounded amount of memory, with %i lists asked for", async (count) => {
    const { stdin, stdout, pid } = start();
    stdin.write(opening);
    await new Promise((resolve) => stdout.once("readable", resolve));
    const before = memoryOf(pid as number);
    stdin.write(lists(count));
    await delay(2_500);
    expect(memoryOf(pid as number) - before).toBeLessThan(100);
    expect(child?.exitCode).toBe(null);
  });

  it("gets every answer once it reads, each once", async () => {
    const { stdin, stdout } = start();
    stdin.write(opening + lists(300));
    await delay(1_500);
    const ids: unknown[] = [];
    let text = "";
    for await (const chunk of stdout) {
      const parts = (text + String(chunk)).split("\n");
      text = parts.pop() as string;
      ids.push(...parts.map((line) => (JSON.parse(line) as { id: unknown }).id));
      if (ids.length >= 301) break;
    }
    expect([ids.length, new Set(ids).size]).toEqual([301, 301]);
  });
});

describe("the wire", () => {
  function open(unread = false) {
    const input = new PassThrough();
    const written: string[] = [];
    const held: (() => void)[] = [];
    const output = new Writable({
      write(chunk: Buffer, _encoding, done) {
        written.push(chunk.toString());
        if (unread) held.push(done);
        else done();
      },
    });
    const wire = new Wire(input, output);
    const messages: Message[] = [];
    wire.start({ message: (message) => messages.push(message), end: () => undefined, broken: () => undefined });
    return { input, wire, messages, written, held };
  }
  const request = (id: number) => `{"jsonrpc":"2.0","id":${id},"method":"tools/call"}\n`;
  const requests = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, at) => request(from + at)).join("");

  it("runs only so many requests at once, the others in their order, and loses none", async () => {
    const { input, wire, messages } = open();
    input.write(requests(0, 5_000));
    await delay(20);
    expect(messages).toHaveLength(64);
    for (let at = 0; at < 5_000; at += 1) {
      await wire.send({ jsonrpc: "2.0", id: at, result: {} });
      if (at % 500 === 0) await delay(1);
    }
    await delay(20);
    expect(messages.map(({ id }) => id)).toEqual(Array.from({ length: 5_000 }, (_, id) => id));
    await wire.waitUntilIdle();
  });

  it("still takes cancellations and answers while requests wait", async () => {
    const { input, messages } = open();
    input.write(requests(0, 100));
    input.write('{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":80}}\n');
    input.write('{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":3}}\n');
    input.write('{"jsonrpc":"2.0","id":"q","result":{}}\n');
    await delay(20);
    const after = messages.slice(64);
    // The cancelled one made room for the next that waits; the one that waited is not even told.
    expect(after.map(({ id, method }) => (method === undefined ? id : (id ?? method)))).toEqual([
      64,
      "notifications/cancelled",
      "q",
    ]);
  });

  it("does not take one id used many times for one request", async () => {
    const { input, messages } = open();
    input.write(request(1).repeat(500));
    await delay(20);
    expect(messages).toHaveLength(64);
  });

  it("writes no character that a reader of lines could take for an end of line", async () => {
    const { wire, written } = open();
    const text = "a\u0085b\u2028c\u2029d\ud800";
    await wire.send({ jsonrpc: "2.0", id: 1, result: { text } });
    await wire.answer(2, JSON.stringify({ text }));
    expect(written.filter((line) => /[\u0085\u2028\u2029]|[\ud800-\udfff]/.test(line))).toEqual([]);
    const read = written.map((line) => (JSON.parse(line) as { result: { text: string } }).result.text);
    expect(read).toEqual([text, text]);
  });
});
