/** 2026-07-28 over real connections: streams as they come, and a client's leaving as a cancel. */
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { fakeRegistry, text } from "../mcp-adapters/fake-registry.ts";
import { modernRequest } from "../mcp-adapters/modern-request.ts";
import { startApp, type Started } from "./start-app.ts";
import { eventData } from "../event-data.ts";

let server: Started;
let release: () => void = () => undefined;
const ended: string[] = [];
/** What some readers of lines take for the end of one. */
const LINE_ENDS = "a\u0085b\u2028c\u2029d";

beforeAll(async () => {
  const served = fakeRegistry({
    steps: async (_args, { progress }) => {
      progress?.(1, 2, "one");
      await new Promise<void>((resolve) => {
        release = resolve;
      });
      progress?.(2, 2, "two");
      return text("done");
    },
    wait: (_args, { signal, progress }) =>
      new Promise((resolve) => {
        progress?.(1);
        signal.addEventListener("abort", () => {
          ended.push("aborted");
          resolve(text("late"));
        });
      }),
    line_ends: async (_args, { progress }) => {
      progress?.(1, 2, LINE_ENDS);
      return text(LINE_ENDS);
    },
    fail: (_args, { progress }) => {
      progress?.(1);
      throw new TypeError("secret");
    },
  });
  server = await startApp({}, { served });
});
afterAll(() => server.stop());

function call(name: string, meta: object = {}, signal?: AbortSignal): Promise<Response> {
  const { request, body } = modernRequest("tools/call", { name, _meta: meta });
  return fetch(`${server.url}/mcp`, {
    method: "POST",
    headers: { ...Object.fromEntries(request.headers), Origin: "http://localhost:6274" },
    body: JSON.stringify(body),
    ...(signal && { signal }),
  });
}

/** The stream's messages, one at a time. */
async function* messages(
  response: Response,
): AsyncGenerator<{ method?: string; params?: { message?: string }; result?: object; error?: object }> {
  let rest = "";
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
    const events = (rest + Buffer.from(chunk).toString("utf8")).split("\n\n");
    rest = events.pop() ?? "";
    yield* eventData(events.join("\n\n"));
  }
}

describe("a stream of 2026-07-28", () => {
  it("holds no character that a reader of lines could take for an end of line", async () => {
    const whole = await (await call("line_ends", { progressToken: 1 })).text();
    expect(whole).not.toMatch(/[\u0085\u2028\u2029]/);
    const told = eventData(whole).map((message) => JSON.stringify(message));
    expect(told.filter((message) => message.includes(LINE_ENDS))).toHaveLength(2);
  });

  it("comes as it is made, past every buffer and to an allowed page", async () => {
    const response = await call("steps", { progressToken: 1 });
    expect([
      response.headers.get("content-type"),
      response.headers.get("x-accel-buffering"),
      response.headers.get("cache-control"),
    ]).toEqual(["text/event-stream", "no", "no-cache, no-transform"]);
    expect(response.headers.get("access-control-allow-origin")).toBe("http://localhost:6274");
    const stream = messages(response);
    expect((await stream.next()).value).toMatchObject({ method: "notifications/progress", params: { message: "one" } });
    release();
    expect((await stream.next()).value).toMatchObject({ params: { message: "two" } });
    expect((await stream.next()).value).toMatchObject({ result: text("done") });
    expect((await stream.next()).done).toBe(true);
  });

  it.each([
    ["with a stream", { progressToken: 1 }],
    ["without one", {}],
  ] as const)("left by its client is a cancelled call, %s", async (_how, meta) => {
    ended.length = 0;
    const leave = new AbortController();
    const response = call("wait", meta, leave.signal);
    response.catch(() => undefined);
    await vi.waitUntil(async () =>
      (await (await fetch(`${server.url}/metrics`)).text()).includes("mcp_running_calls 1"),
    );
    leave.abort();
    await vi.waitUntil(() => ended.length === 1);
    await vi.waitUntil(async () =>
      (await (await fetch(`${server.url}/metrics`)).text()).includes("mcp_running_calls 0"),
    );
  });

  it("says that it failed, and not how", async () => {
    const all = [];
    for await (const message of messages(await call("fail", { progressToken: 1 }))) all.push(message);
    const [progress, error] = all;
    expect(progress).toMatchObject({ method: "notifications/progress" });
    expect(error).toMatchObject({ error: { code: -32603, message: expect.not.stringContaining("secret") } });
  });
});

describe("a subscription of 2026-07-28", () => {
  it("is acknowledged and stays open until its client leaves", async () => {
    const { request, body } = modernRequest("subscriptions/listen", { notifications: { toolsListChanged: true } });
    const leave = new AbortController();
    const response = await fetch(`${server.url}/mcp`, {
      method: "POST",
      headers: Object.fromEntries(request.headers),
      body: JSON.stringify(body),
      signal: leave.signal,
    });
    expect((await messages(response).next()).value).toMatchObject({
      method: "notifications/subscriptions/acknowledged",
    });
    leave.abort();
  });
});
