import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { parseFault } from "../../src/sandbox/http/faults.ts";
import type { Sandbox } from "../../src/sandbox/sandbox.ts";
import { makeSandbox } from "./setup.ts";

let sandbox: Sandbox;
let url: string;
beforeAll(async () => {
  sandbox = await makeSandbox();
  ({ url } = await sandbox.listen());
});
afterAll(() => sandbox.close());
beforeEach(() => sandbox.reset());

const call = (init: RequestInit & { fault?: string } = {}, path = "/v1/labels") =>
  fetch(url + path, {
    redirect: "manual",
    ...init,
    headers: { "x-portkey-api-key": sandbox.keys.admin, ...(init.fault && { "x-sandbox-fault": init.fault }) },
  });
const plan = (faults: unknown) =>
  fetch(`${url}/__sandbox/faults`, { method: "POST", body: JSON.stringify({ faults }) });
const labels = async () => ((await (await call()).json()) as { total: number }).total;

describe("one request's fault", () => {
  it.each([
    ["429; retry-after=2", 429, "AB06", "2"],
    ["429", 429, "AB06", null],
    ["500", 500, "AB04", null],
    ["503", 503, "AB04", null],
    ["401", 401, "AB05", null],
  ])("%s", async (fault, status, errorCode, retryAfter) => {
    const response = await call({ fault });
    expect([response.status, response.headers.get("retry-after")]).toEqual([status, retryAfter]);
    expect(await response.json()).toMatchObject({ success: false, data: { errorCode } });
  });

  it("empty answers nothing with a 200", async () => {
    const response = await call({ fault: "empty" });
    expect([response.status, await response.text()]).toEqual([200, ""]);
  });

  it("html answers a page", async () => {
    const response = await call({ fault: "html" });
    expect([response.status, response.headers.get("content-type")?.split(";")[0]]).toEqual([502, "text/html"]);
  });

  it("redirect answers another address", async () => {
    const response = await call({ fault: "redirect" });
    expect([response.status, response.headers.get("location")]).toEqual([302, "https://redirect.sandbox.example/"]);
  });

  it("reset ends the connection without an answer", async () => {
    await expect(call({ fault: "reset" })).rejects.toMatchObject({ cause: { code: "ECONNRESET" } });
  });

  it("truncate ends it in mid-answer", async () => {
    const response = await call({ fault: "truncate" });
    expect(response.status).toBe(200);
    await expect(response.text()).rejects.toThrow();
  });

  it("hang never answers", async () => {
    await expect(call({ fault: "hang", signal: AbortSignal.timeout(100) })).rejects.toMatchObject({
      name: "TimeoutError",
    });
  });

  it("latency answers late, and right", async () => {
    const start = performance.now();
    const response = await call({ fault: "latency; delay=80" });
    expect(performance.now() - start).toBeGreaterThanOrEqual(75);
    expect(response.status).toBe(200);
  });

  it("is refused when it is none", async () => {
    const response = await call({ fault: "gremlins" });
    expect([response.status, ((await response.json()) as { data: { message: string } }).data.message]).toEqual([
      400,
      expect.stringContaining("latency, status, reset"),
    ]);
  });
});

describe("a plan", () => {
  it("hits as many requests as it says, where it says, and is used up", async () => {
    await plan([{ kind: "status", status: 503, method: "GET", path: "/v1/labels", times: 2 }]);
    expect((await call({}, "/v1/guardrails")).status).toBe(200);
    expect([(await call()).status, (await call()).status, (await call()).status]).toEqual([503, 503, 200]);
    expect(await (await fetch(`${url}/__sandbox/faults`)).json()).toEqual({ faults: [] });
  });

  it("does nothing to the state, unless the request is to be processed", async () => {
    const post = (name: string) => call({ method: "POST", body: JSON.stringify({ name }) });
    const before = await labels();
    await plan([{ kind: "status", status: 500, method: "POST", times: 1 }]);
    await post("lost");
    expect(await labels()).toBe(before);
    await plan([{ kind: "reset", method: "POST", times: 1, processed: true }]);
    await expect(post("kept")).rejects.toThrow();
    expect(await labels()).toBe(before + 1);
  });

  it("ends with DELETE and with a reset", async () => {
    await plan([{ kind: "status", status: 500 }]);
    await fetch(`${url}/__sandbox/faults`, { method: "DELETE" });
    expect((await call()).status).toBe(200);
    await plan([{ kind: "status", status: 500 }]);
    await fetch(`${url}/__sandbox/reset`, { method: "POST" });
    expect((await call()).status).toBe(200);
  });

  it("can be given from the start, and outlives a reset", async () => {
    const faulty = await makeSandbox({ faults: [{ kind: "status", status: 429, retryAfter: 1, times: 1 }] });
    const get = async () =>
      (await faulty.inject({ url: "/v1/labels", headers: { "x-portkey-api-key": faulty.keys.admin } })).statusCode;
    expect([await get(), await get()]).toEqual([429, 200]);
    faulty.reset();
    expect(await get()).toBe(429);
  });

  it("is refused when it is none", async () => {
    expect((await plan([{ kind: "gremlins" }])).status).toBe(400);
  });
});

it.each([
  ["429", { kind: "status", status: 429 }],
  ["429; retry-after=3", { kind: "status", status: 429, retryAfter: "3" }],
  ["latency; delay=20", { kind: "latency", delayMs: 20 }],
  ["reset; processed", { kind: "reset", processed: true }],
  ["short; items=2", { kind: "short", items: 2 }],
])("reads %s", (text, want) => {
  expect(parseFault(text)).toEqual(want);
});
