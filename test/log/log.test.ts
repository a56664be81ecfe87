import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createLog, silentLog } from "../../src/log/log.ts";

let folder: string;
let fd: number;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "log-"));
  fd = openSync(join(folder, "lines"), "a");
});
afterEach(() => {
  closeSync(fd);
  rmSync(folder, { recursive: true });
});

const lines = () =>
  readFileSync(join(folder, "lines"), "utf8")
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Record<string, unknown>);

test("lines are JSON, in order, from the log's level up", async () => {
  const log = createLog("info", fd);
  log.write("debug", "hidden");
  log.write("info", "first", { tool: "a" });
  log.write("error", "second");
  await log.flush();
  log.write("warn", "third");
  expect(lines()).toEqual([
    { level: "info", time: expect.any(String) as string, tool: "a", msg: "first" },
    { level: "error", time: expect.any(String) as string, msg: "second" },
    { level: "warn", time: expect.any(String) as string, msg: "third" },
  ]);
});

test("secrets are masked, errors are told", async () => {
  const log = createLog("info", fd);
  log.write("error", "failed", {
    headers: { authorization: "Bearer abcdefghijklmnop" },
    apiKey: "0123456789abcdef",
    err: new Error("boom"),
  });
  await log.flush();
  expect(lines()[0]).toMatchObject({
    headers: { authorization: "****mnop" },
    apiKey: "****cdef",
    err: { message: "boom" },
  });
});

test("an unknown level means info, silent writes nothing", async () => {
  const log = createLog("loud", fd);
  log.write("debug", "hidden");
  log.write("info", "shown");
  const silent = createLog("silent", fd);
  silent.write("fatal", "hidden");
  silentLog.write("fatal", "hidden");
  await Promise.all([log.flush(), silent.flush(), silentLog.flush()]);
  expect(lines().map(({ msg }) => msg)).toEqual(["shown"]);
});

test("what a terminal obeys or nobody sees is spelled out", async () => {
  const log = createLog("info", fd);
  log.write("warn", "refused", { name: "a\u009b2J\u202eb" });
  await log.flush();
  expect(readFileSync(join(folder, "lines"), "utf8")).toContain(String.raw`"a\u009b2J\u202eb"`);
  expect(lines()[0]).toMatchObject({ name: "a\u009b2J\u202eb" });
});
