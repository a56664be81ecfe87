import { createServer, type Server } from "node:http";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { composite } from "../../src/composites/tools/download-log-export.ts";
import { readExportRows } from "../../src/composites/exports/read-export-rows.ts";
import { fakeContext } from "./fake-context.ts";
import { server, useSandboxServer } from "./use-sandbox-server.ts";
import { listen } from "../listen.ts";

describe("in the sandbox", () => {
  useSandboxServer();
  let id: string;
  beforeAll(async () => {
    id = String(((await server.call("list_log_exports", {})).body["data"] as { id: string }[])[0]?.id);
  });
  const download = (more = {}, options = {}) => server.call("download_log_export", { export_id: id, ...more }, options);

  test("waits with progress, then answers the link and the first rows", async () => {
    await server.call("start_log_export", { export_id: id });
    const reports: string[] = [];
    const { body } = await download(
      { wait: true, rows: 3 },
      { progress: (_done: number, _total?: number, message = "") => reports.push(message) },
    );
    expect(body).toMatchObject({ signed_url: expect.stringMatching(/^http/), more: true });
    expect(body["rows"]).toHaveLength(3);
    expect((body["rows"] as unknown[])[0]).toMatchObject({ ai_model: "gpt-4o" });
    expect(reports[0]).toMatch(/^in_progress after/);
    // The file is fetched without Portkey's client, and so without its key.
    expect(server.sent.map(({ path }) => path.replace(id, "ID"))).toEqual([
      "/logs/exports/ID/start",
      ...Array(3).fill("/logs/exports/ID"),
      "/logs/exports/ID/download",
    ]);
  });

  test("a draft says that it must be started", async () => {
    const { isError, text } = await download({ wait: true });
    expect(isError).toBe(true);
    expect(text).toContain("has the status draft. It has not been started: call start_log_export first.");
  });

  test("a short wait ends with the file, or with what to call next", async () => {
    await server.call("start_log_export", { export_id: id });
    const { body, isError } = await download({ wait: true, wait_seconds: 1 });
    expect(isError).toBe(false);
    // Three looks take half a second here, on a busy machine longer.
    const next = { tool: "download_log_export", arguments: { export_id: id, wait: true, wait_seconds: 1 } };
    const unfinished = { status: "in_progress", waited_seconds: 1, next };
    expect(body).toMatchObject("next" in body ? unfinished : { signed_url: expect.stringMatching(/^http/) });
  });

  test("a cancelled wait ends at once", async () => {
    await server.call("start_log_export", { export_id: id });
    const abort = new AbortController();
    const started = performance.now();
    const { isError, text } = await download({ wait: true }, { signal: abort.signal, progress: () => abort.abort() });
    expect(isError).toBe(true);
    expect(text).toContain("cancelled");
    expect(performance.now() - started).toBeLessThan(1000);
  });

  test("each step failing once is an error that can be tried again", async () => {
    await server.call("start_log_export", { export_id: id });
    const failures: string[] = [];
    for (let step = 1; step <= 4; step++) {
      server.failAt(step);
      const { isError, text } = await download({ wait: true });
      if (!isError) break;
      failures.push(text);
    }
    expect(failures).toEqual(failures.map(() => expect.stringContaining("injected")));
    expect(failures.length).toBeGreaterThan(0);
    server.failAt(0);
    expect((await download({ wait: true })).body).toHaveProperty("signed_url");
  });
});

test("an export that is not done in time answers with what to call next", async () => {
  const { context } = fakeContext({ get_log_export: { status: "in_progress" } });
  const answer = await composite({ export_id: "e", wait: true, wait_seconds: 1, rows: 1 }, context);
  expect(answer).toMatchObject({
    status: "in_progress",
    waited_seconds: 1,
    next: { tool: "download_log_export", arguments: { export_id: "e", rows: 1 } },
  });
});

test.each(["failed", "stopped"])("an export that has %s is waited for no longer", async (status) => {
  const { context, calls } = fakeContext({ get_log_export: { status } });
  await expect(composite({ export_id: "e", wait: true }, context)).rejects.toThrow(/start_log_export/);
  expect(calls).toHaveLength(1);
});

describe("the rows of a file", () => {
  let host: Server;
  let url: string;
  const seen: Record<string, unknown>[] = [];
  const lines = Array.from({ length: 100 }, (_, n) => `{"n":${n}}\n`).join("");
  const files: Record<string, [number, Buffer]> = {
    "/plain": [200, Buffer.from(lines)],
    "/zipped": [200, gzipSync(lines)],
    "/text": [200, Buffer.from("a,b\r\n1,2")],
    "/empty": [200, Buffer.alloc(0)],
    "/short": [200, Buffer.from('{"n":')],
    "/half": [200, gzipSync(lines).subarray(0, -12)],
    "/broken": [200, Buffer.concat([gzipSync(lines).subarray(0, 30), Buffer.alloc(400, 1)])],
    "/gone": [403, Buffer.from("<Error>expired</Error>")],
  };
  beforeAll(async () => {
    host = createServer((request, response) => {
      seen.push(request.headers);
      const [status, body] = files[request.url ?? ""] ?? [404, Buffer.alloc(0)];
      if (request.url === "/short") {
        response.writeHead(200, { "content-length": "100" }).write(body);
        return setTimeout(() => response.destroy(), 20);
      }
      response.writeHead(status).end(body);
    });
    const { origin } = await listen(host);
    url = origin;
  });
  afterAll(() => void host.close());
  const read = (path: string, count = 2, bytes = 10_000) =>
    readExportRows(`${url}${path}`, count, bytes, new AbortController().signal);

  test.each<[string, number, number, unknown]>([
    ["/plain", 2, 10_000, { rows: [{ n: 0 }, { n: 1 }], more: true }],
    ["/zipped", 2, 10_000, { rows: [{ n: 0 }, { n: 1 }], more: true }],
    ["/plain", 5, 16, { rows: [{ n: 0 }, { n: 1 }], more: true }],
    ["/text", 9, 10_000, { rows: ["a,b", "1,2"], more: false }],
    ["/empty", 9, 10_000, { rows: [], more: false }],
  ])("%s, at most %i rows and %i bytes", async (path, count, bytes, want) => {
    expect(await read(path, count, bytes)).toEqual(want);
  });

  test("all of them say that there are no more", async () => {
    const { rows, more } = await read("/zipped", 100);
    expect([rows.length, more]).toEqual([100, false]);
  });

  test("no key goes along", () => {
    expect(seen.some((headers) => "x-portkey-api-key" in headers)).toBe(false);
  });

  test.each([
    ["/gone", /its host answered 403.*may have expired/],
    ["/none", /its host answered 404/],
  ])("%s says why", async (path, message) => {
    await expect(read(path)).rejects.toThrow(message);
  });

  test.each(["file:///etc/passwd", "nonsense"])("%s is no web address", async (link) => {
    await expect(readExportRows(link, 1, 1, new AbortController().signal)).rejects.toThrow(/no web address/);
  });

  test.each([
    ["is refused", "/gone", "403"],
    ["breaks off", "/short", "could not be read"],
    ["ends within its compression", "/half", "could not be read"],
    ["is wrongly compressed", "/broken", "could not be read"],
  ])("a file that %s leaves the link", async (_what, path, why) => {
    const { context } = fakeContext({ download_log_export: { signed_url: `${url}${path}` } });
    expect(await composite({ export_id: "e", rows: 200 }, context)).toEqual({
      signed_url: `${url}${path}`,
      rows_unread: expect.stringContaining(why),
    });
  });

  test("a cancelled reading stays one", async () => {
    const reason = new Error("cancelled");
    await expect(readExportRows(`${url}/plain`, 1, 1, AbortSignal.abort(reason))).rejects.toBe(reason);
  });
});
