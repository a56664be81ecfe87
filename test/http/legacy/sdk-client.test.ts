/**
 * The SDK's own client, whose connection breaks: it comes back by itself, and does not come back for what has ended.
 */
import { setTimeout as delay } from "node:timers/promises";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { CallToolResultSchema } from "@modelcontextprotocol/sdk/types.js";
import { afterEach, expect, it } from "vitest";
import { text } from "../../mcp-adapters/fake-registry.ts";
import { serve, SETTINGS, type Served } from "./serve.ts";

let served: Served;
let client: Client;
let gets: (string | null)[];
/** The body of the answer that runs now. */
let breakIt: () => void;

async function start(): Promise<void> {
  served = await serve({
    http: { eventStore: { ...SETTINGS.eventStore, kind: "memory" } },
    timing: { retryMs: 10 },
    tools: {
      steps: async (_args, link) => {
        for (let step = 1; step <= 10; step += 1) {
          link.progress?.(step, 10);
          await delay(15);
        }
        return text("done");
      },
      wait: (_args, link) =>
        new Promise((resolve) => link.signal.addEventListener("abort", () => resolve(text("stopped")))),
    },
  });
  gets = [];
  client = new Client({ name: "test", version: "1" });
  const transport = new StreamableHTTPClientTransport(new URL(served.url), {
    async fetch(url, init) {
      const response = await fetch(url, init as RequestInit);
      const headers = new Headers(init?.headers as Record<string, string>);
      if (init?.method === "GET") gets.push(headers.get("last-event-id"));
      if (response.body === null || !response.headers.get("content-type")?.includes("event-stream")) return response;
      const body = response.body.getReader();
      let controller: ReadableStreamDefaultController;
      const broken = new ReadableStream({
        start: (given) => void (controller = given),
        async pull(given) {
          const { done, value } = await body.read().catch(() => ({ done: true, value: undefined }));
          try {
            if (done) given.close();
            else given.enqueue(value);
          } catch {
            // Broken in between.
          }
        },
      });
      if (init?.method === "POST") {
        breakIt = () => {
          controller.error(new Error("broken"));
          void body.cancel();
        };
      }
      return new Response(broken, { status: response.status, headers: response.headers });
    },
  });
  await client.connect(transport as never);
}

afterEach(async () => {
  await client.close();
  await served.close();
});

it("resumes a call and gets each step once", async () => {
  await start();
  const steps: number[] = [];
  const result = await client.request({ method: "tools/call", params: { name: "steps" } }, CallToolResultSchema, {
    onprogress: ({ progress }) => {
      steps.push(progress);
      if (progress === 4) breakIt();
    },
  });
  expect(result).toEqual(text("done"));
  expect(steps).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  expect(gets.filter((id) => id !== null)).toHaveLength(1);
});

it("does not come back for ever for a call that failed or was cancelled", async () => {
  await start();
  await expect(
    client.request({ method: "tools/call", params: { name: "nobody" } }, CallToolResultSchema),
  ).rejects.toThrow("Unknown tool");
  const cancel = new AbortController();
  const call = client.request({ method: "tools/call", params: { name: "wait" } }, CallToolResultSchema, {
    signal: cancel.signal,
  });
  await delay(50);
  cancel.abort("enough");
  await expect(call).rejects.toThrow("enough");
  await delay(300);
  // One for each, to be told that nothing is left.
  expect(gets.filter((id) => id !== null).length).toBeLessThanOrEqual(2);
});
