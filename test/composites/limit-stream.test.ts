/** Streams end, and their lines are split in proportion to their length. */
import { createServer, type Server, type ServerResponse } from "node:http";
import { afterEach, describe, expect, test, vi } from "vitest";
import { eventData } from "../../src/composites/completion/event-stream.ts";
import { limitStream } from "../../src/composites/streams/limit-stream.ts";
import { readLines } from "../../src/composites/streams/lines.ts";
import { processorTime } from "../errors/processor-time.ts";
import { listen } from "../listen.ts";

const MB = 1024 * 1024;
const WIDE = { bytes: 100 * MB, idleMs: 5_000, totalMs: 5_000 };

let server: Server | undefined;
afterEach(() => server?.close());

/** A real answer's body, and whether its sender was told that nobody reads it any more. */
async function bodyOf(send: (response: ServerResponse) => void) {
  let closed = false;
  server = createServer((_request, response) => {
    response.on("close", () => (closed = true));
    response.writeHead(200);
    send(response);
  });
  const { origin } = await listen(server);
  const { body } = await fetch(origin);
  return { body: body as ReadableStream<Uint8Array>, isClosed: () => closed };
}

async function read(chunks: AsyncIterable<Uint8Array>): Promise<number> {
  let bytes = 0;
  for await (const chunk of chunks) bytes += chunk.byteLength;
  return bytes;
}

describe("a stream", () => {
  test("within its limits comes whole", async () => {
    const { body } = await bodyOf((response) => response.end("x".repeat(100_000)));
    expect(await read(limitStream(body, WIDE))).toBe(100_000);
  });

  test.each([
    ["that is silent from the beginning", (): void => undefined],
    ["that falls silent", (response: ServerResponse) => void response.write("data: a\n\n")],
  ])("%s is closed", async (_, send) => {
    const { body, isClosed } = await bodyOf((response) => {
      response.flushHeaders();
      send(response);
    });
    await expect(read(limitStream(body, { ...WIDE, idleMs: 200 }))).rejects.toThrow("It was silent for 0.2 s.");
    await vi.waitFor(() => expect(isClosed()).toBe(true));
  });

  test("that keeps sending is closed at its time", async () => {
    const { body, isClosed } = await bodyOf((response) => {
      const timer = setInterval(() => response.write(": ping\n\n"), 20);
      response.on("close", () => clearInterval(timer));
    });
    await expect(read(limitStream(body, { ...WIDE, totalMs: 300 }))).rejects.toThrow("It did not end within 0.3 s.");
    await vi.waitFor(() => expect(isClosed()).toBe(true));
  });

  test("that is too large is closed at its bound", async () => {
    const { body, isClosed } = await bodyOf((response) => {
      const write = (): void => {
        while (!response.destroyed && response.write(Buffer.alloc(MB)));
      };
      response.on("drain", write);
      write();
    });
    await expect(read(limitStream(body, { ...WIDE, bytes: 2 * MB }))).rejects.toThrow(/larger than 2 MB/);
    await vi.waitFor(() => expect(isClosed()).toBe(true));
  });

  test("whose reader stops is closed", async () => {
    const { body, isClosed } = await bodyOf((response) => void response.write("a\nb\n"));
    const lines = readLines(limitStream(body, WIDE));
    expect(await lines.next()).toEqual({ value: "a", done: false });
    await lines.return(undefined);
    await vi.waitFor(() => expect(isClosed()).toBe(true));
  });
});

async function* pieces(text: string, size: number): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function all(lines: AsyncIterable<string>): Promise<string[]> {
  const found: string[] = [];
  for await (const line of lines) found.push(line);
  return found;
}

describe("lines", () => {
  test.each([
    ["one of 7 MB in small pieces", `data: ${"x".repeat(7 * MB)}\n\n`, 1_000, [7 * MB]],
    ["a megabyte of empty ones", "\n".repeat(MB), 16_384, []],
    ["a megabyte of returns, byte by byte", "\r".repeat(MB / 8), 1, []],
  ])("%s are split at once", async (_, text, size, want) => {
    const time = await processorTime(async () => {
      const lengths: number[] = [];
      for await (const data of eventData(pieces(text, size))) lengths.push(data.length);
      expect(lengths).toEqual(want);
    });
    expect(time).toBeLessThan(1_500);
  });

  test("one of 30 MB ends at the bound, long before", async () => {
    let sent = 0;
    const endless = (async function* () {
      for (; sent < 30 * MB; sent += 1_000) yield Buffer.alloc(1_000, "x");
    })();
    await expect(all(readLines(endless))).rejects.toThrow("A line in it is longer than 8 MB.");
    expect(sent).toBeLessThan(9 * MB);
  });

  test.each([1, 2, 3, 5, 100])("end with LF, CRLF or CR, however they come: %i at a time", async (size) => {
    expect(await all(readLines(pieces("a\r\nb\rc\n\n\r\n\r\rd\r", size)))).toEqual([
      "a",
      "b",
      "c",
      "",
      "",
      "",
      "",
      "d",
    ]);
  });
});
