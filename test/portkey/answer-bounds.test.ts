/** No answer decides how much memory it takes: its bytes are counted while they come, and after decompression. */
import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, describe, expect, test } from "vitest";
import { BOUNDS } from "../../src/errors/bounds.ts";
import { context, CREATE, portkeyAt, record } from "./records.ts";
import { startUpstream, type Respond, type Upstream } from "./upstream.ts";

let upstream: Upstream | undefined;
afterEach(() => upstream?.close());

async function at(respond: Respond) {
  upstream = await startUpstream(respond);
  // Megabytes take their time on a busy machine.
  return portkeyAt(upstream.origin, { timeoutMs: 60_000 });
}

const MB = 1024 * 1024;
const spaces = (bytes: number) => Buffer.alloc(bytes, " ");
const COMPRESS = {
  gzip: gzipSync,
  deflate: deflateSync,
  br: (bytes: Buffer) => brotliCompressSync(bytes, { params: { 1: 3 } }),
} as const;

/** Sends bytes for as long as the other side reads them; tells how many it took. */
function endless(chunk: Buffer, status = 200): { respond: Respond; sent: () => number } {
  let sent = 0;
  return {
    sent: () => sent,
    respond: (response) => {
      response.writeHead(status);
      const write = (): void => {
        while (!response.destroyed && response.write(chunk)) sent += chunk.length;
      };
      response.on("drain", write);
      write();
    },
  };
}

describe("a read", () => {
  test("of an answer without end is refused at its bound, and the connection is closed", async () => {
    const { respond, sent } = endless(spaces(MB / 4));
    const portkey = await at(respond);
    const before = process.memoryUsage.rss();
    await expect(portkey.send(record(), {}, context())).rejects.toMatchObject({
      code: "UNREACHABLE",
      message: expect.stringMatching(/get_thing: Portkey answered 200, with an answer that is larger than 8 MB/),
    });
    const after = sent();
    await delay(100);
    expect(sent()).toBe(after);
    expect(after).toBeLessThan(BOUNDS.readAnswerBytes + 16 * MB);
    expect(process.memoryUsage.rss() - before).toBeLessThan(100 * MB);
    expect(upstream?.received).toHaveLength(1);
  });

  test.each(["gzip", "deflate", "br"] as const)("of %s that unpacks to 120 MB stops at the bound", async (encoding) => {
    const packed = COMPRESS[encoding](spaces(120 * MB));
    const portkey = await at((response) => response.writeHead(200, { "content-encoding": encoding }).end(packed));
    const before = process.memoryUsage.rss();
    await expect(portkey.send(record(), {}, context())).rejects.toThrow(/larger than 8 MB/);
    expect(process.memoryUsage.rss() - before).toBeLessThan(100 * MB);
  });

  test("of gzip that never unpacks to anything ends too", async () => {
    const empty = gzipSync("");
    const { respond } = endless(Buffer.concat(Array<Buffer>(10_000).fill(empty)));
    const portkey = await at((response, received, count) => {
      response.setHeader("content-encoding", "gzip");
      respond(response, received, count);
    });
    await expect(portkey.send(record(), {}, context())).rejects.toThrow(/larger than 8 MB|cannot|failed/);
  });

  test("of an answer just within the bound is whole", async () => {
    const text = JSON.stringify({ text: "x".repeat(7 * MB) });
    const portkey = await at((response) => response.writeHead(200, { "content-encoding": "gzip" }).end(gzipSync(text)));
    expect((await portkey.send(record(), {}, context())).body).toEqual(JSON.parse(text));
  });
});

describe("a write", () => {
  test.each([1, 20, 60])("gets its answer of %i MB", async (size) => {
    const text = JSON.stringify({ key: "x".repeat(size * MB) });
    const portkey = await at((response) => response.writeHead(200).end(text));
    const { body, warnings } = await portkey.send(CREATE, { name: "n" }, context());
    if (size < 8) return expect(body).toEqual(JSON.parse(text));
    expect(body === text).toBe(true);
    expect(warnings).toEqual(["The API's answer is larger than 8 MB; it is given as text"]);
  });

  test("whose answer is over the last bound says that it was done", async () => {
    const { respond } = endless(spaces(MB));
    const portkey = await at(respond);
    await expect(portkey.send(CREATE, { name: "n" }, context())).rejects.toMatchObject({
      message: expect.stringMatching(/larger than 64 MB.*It was done; do not repeat it/),
    });
    expect(upstream?.received).toHaveLength(1);
  });
});

describe("a refusal", () => {
  test("without end is read as far as its message", async () => {
    const { respond } = endless(Buffer.from("no such thing "), 404);
    const portkey = await at(respond);
    await expect(portkey.send(record(), {}, context())).rejects.toMatchObject({
      code: "PORTKEY",
      message: expect.stringMatching(/Portkey answered 404: "no such thing no such thing/),
    });
  });

  test.each(["send", "open"] as const)("in compressed form as well: %s", async (how) => {
    const packed = gzipSync(Buffer.concat([Buffer.from("no such thing"), spaces(100 * MB)]));
    const portkey = await at((response) => response.writeHead(404, { "content-encoding": "gzip" }).end(packed));
    const call = portkey[how](CREATE, { name: "n" }, context());
    await expect(call).rejects.toThrow(/Portkey answered 404: "no such thing/);
  });
});

test("the text of a stream has its bound too", async () => {
  const packed = gzipSync(spaces(120 * MB));
  const portkey = await at((response) => response.writeHead(200, { "content-encoding": "gzip" }).end(packed));
  const answer = await portkey.open(CREATE, { name: "n" }, context());
  await expect(answer.text()).rejects.toThrow("larger than 64 MB");
});

test.each([101, 3_000, 100_000])("an answer nested %i deep comes as text, with the bound named", async (depth) => {
  const text = `{"a":${"[".repeat(depth)}${"]".repeat(depth)}}`;
  const portkey = await at((response) => response.writeHead(200, { "content-type": "application/json" }).end(text));
  const answers = [await portkey.send(record(), {}, context()), await portkey.send(CREATE, { name: "n" }, context())];
  const warning = "The API's answer is nested deeper than 100 levels; it is given as text";
  const asText = { body: text, warnings: [warning] };
  expect(answers).toMatchObject([asText, asText]);
});

test.each([3_000, 100_000])("a refusal nested %i deep is still told", async (depth) => {
  const text = `{"data":${"[".repeat(depth)}${"]".repeat(depth)}}`;
  const portkey = await at((response) => response.writeHead(400).end(text));
  await expect(portkey.send(record(), {}, context())).rejects.toMatchObject({
    code: "PORTKEY",
    details: { status: 400 },
  });
});
