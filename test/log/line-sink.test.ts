/** Pipes that nobody reads and disks that are full: real ones. */
import { spawn, spawnSync } from "node:child_process";
import { constants, mkdtempSync, openSync, readFileSync, readSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createLog } from "../../src/log/log.ts";
import { openDescriptorSink, openFileSink } from "../../src/log/line-sink.ts";

const lostLine = (count: number) => `lost ${count}\n`;
let folder: string;
let pipe: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sink-"));
  pipe = join(folder, "pipe");
  spawnSync("mkfifo", [pipe]);
});
afterEach(() => rmSync(folder, { recursive: true }));

const openPipe = () => openSync(pipe, constants.O_RDWR | constants.O_NONBLOCK);

/** All that the pipe holds. */
function readAll(fd: number): string {
  const buffer = Buffer.alloc(1_048_576);
  let text = "";
  for (;;) {
    try {
      const read = readSync(fd, buffer);
      if (read === 0) return text;
      text += buffer.toString("utf8", 0, read);
    } catch {
      return text;
    }
  }
}

describe("a pipe that nobody reads", () => {
  it("takes what fits the bound, and then tells how many lines were lost", async () => {
    const sink = openDescriptorSink(openPipe(), { lostLine, maxWaiting: 10_000 });
    const reader = openPipe();
    const line = `${"x".repeat(99)}\n`;
    const written = Array.from({ length: 2_000 }, () => sink.write(line));
    const lost = written.filter((taken) => !taken).length;
    expect(lost).toBeGreaterThan(0);
    expect(sink.lost()).toBe(lost);
    expect(sink.waiting()).toBe(true);

    let text = readAll(reader);
    await sink.flush(2_000);
    expect(sink.write("after\n")).toBe(true);
    await sink.flush(2_000);
    text += readAll(reader);
    expect(text.split("\n").slice(-3)).toEqual([`lost ${lost}`, "after", ""]);
    expect(text.split(line.trim()).length - 1).toBe(2_000 - lost);
    sink.close();
  });

  it("does not hold up the log", async () => {
    const log = createLog("info", openPipe());
    const started = performance.now();
    for (let n = 0; n < 20_000; n += 1) log.write("info", "y".repeat(200));
    await log.flush();
    expect(performance.now() - started).toBeLessThan(5_000);
    expect(log.lost?.()).toBeGreaterThan(10_000);
  });

  it("may be the file's name too: no start waits for its reader", () => {
    const sink = openFileSink(pipe, { lostLine });
    expect(sink.write("line\n")).toBe(true);
    const reader = openPipe();
    expect(readAll(reader)).toBe("line\n");
    sink.close();
  });
});

it("a pipe whose reader has gone ends nothing", async () => {
  const code = `
    import { createLog } from ${JSON.stringify(new URL("../../src/log/log.ts", import.meta.url).href)};
    const log = createLog("info");
    for (let n = 0; n < 50; n += 1) {
      log.write("info", "line");
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    await log.flush();
    process.stdout.write("alive " + log.lost());
  `;
  const child = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", code], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let out = "";
  child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.once("data", () => child.stderr.destroy());
  const ended = await new Promise((resolve) => child.on("close", resolve));
  expect([ended, out]).toEqual([0, expect.stringMatching(/^alive [1-9]/) as string]);
});

describe("a full disk", () => {
  it("keeps what fits the bound, counts the rest, and throws nothing", () => {
    const errors: Error[] = [];
    const sink = openFileSink("/dev/full", { lostLine, onError: (error) => errors.push(error), maxWaiting: 1_000 });
    const taken = Array.from({ length: 30 }, () => sink.write(`${"z".repeat(99)}\n`));
    expect(taken.filter(Boolean)).toHaveLength(10);
    expect([sink.lost(), sink.waiting()]).toEqual([20, true]);
    expect(errors[0]?.message).toContain("ENOSPC");
    sink.close();
  });

  it("loses nothing that waited, once there is room", () => {
    const file = join(folder, "lines");
    const sink = openFileSink(file, { lostLine });
    sink.write("one\n");
    expect(readFileSync(file, "utf8")).toBe("one\n");
    expect(sink.waiting()).toBe(false);
    sink.close();
  });
});

it("facts that cannot be written cost the facts, not the line nor the caller", async () => {
  const fd = openPipe();
  const log = createLog("info", fd);
  const circular: Record<string, unknown> = {};
  circular["self"] = circular;
  const throwing = Object.defineProperty({}, "now", {
    enumerable: true,
    get: () => {
      throw new Error("no");
    },
  });
  for (const facts of [circular, throwing, { big: 10n }]) log.write("error", "told", facts);
  await log.flush();
  expect(readAll(openPipe()).split("told").length - 1).toBe(3);
});
