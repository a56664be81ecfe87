import { describe, expect, it } from "vitest";
import { fakeRegistry, text } from "../mcp-adapters/fake-registry.ts";
import { modernRequest } from "../mcp-adapters/modern-request.ts";
import { ECHOING_LEGACY, startApp } from "./start-app.ts";

/** A server with one call running that ends when it is told to, or aborted. */
async function withRunningCall(shutdownTimeoutMs: number) {
  let finish: () => void = () => undefined;
  let began: () => void = () => undefined;
  const running = new Promise<void>((resolve) => {
    began = resolve;
  });
  const closed: string[] = [];
  const served = fakeRegistry({
    slow: (_args, link) =>
      new Promise((resolve) => {
        finish = () => resolve(text("done"));
        link.signal.addEventListener("abort", () => {
          closed.push("aborted");
          resolve(text("aborted"));
        });
        began();
      }),
  });
  const server = await startApp(
    { shutdownTimeoutMs },
    { served, legacy: () => ({ ...ECHOING_LEGACY, close: async () => void closed.push("legacy") }) },
  );
  const { body, request } = modernRequest("tools/call", { name: "slow" });
  const call = fetch(`${server.url}/mcp`, {
    method: "POST",
    headers: Object.fromEntries(request.headers),
    body: JSON.stringify(body),
  });
  await running;
  return { server, call, closed, finish: () => finish() };
}

describe("a server told to stop", () => {
  it("answers what runs, refuses what is new, and then ends", async () => {
    const { server, call, closed, finish } = await withRunningCall(5_000);
    const stopped = server.stop();
    const refused = await fetch(`${server.url}/mcp`, {
      method: "POST",
      body: "{}",
      headers: { "Content-Type": "application/json" },
    });
    expect([refused.status, refused.headers.get("retry-after"), refused.headers.get("connection")]).toEqual([
      503,
      "1",
      "close",
    ]);
    expect(await refused.json()).toMatchObject({ jsonrpc: "2.0", error: { code: -32000 } });
    expect(await (await fetch(`${server.url}/ready`)).json()).toMatchObject({ status: "draining" });
    expect((await fetch(`${server.url}/health`)).status).toBe(200);
    finish();
    expect(((await (await call).json()) as { result: object }).result).toMatchObject(text("done"));
    await stopped;
    expect(closed).toEqual(["legacy"]);
    await expect(fetch(`${server.url}/health`)).rejects.toThrow();
  });

  it("does not wait for ever: what runs is aborted, and says so", async () => {
    const { server, call, closed } = await withRunningCall(50);
    await server.stop();
    expect(((await (await call).json()) as { result: object }).result).toMatchObject(text("aborted"));
    expect(closed).toEqual(["aborted", "legacy"]);
  });

  it("answers for a call that does not even end when aborted", async () => {
    const deaf = fakeRegistry({ deaf: () => new Promise(() => undefined) });
    const server = await startApp({ shutdownTimeoutMs: 10 }, { served: deaf });
    const { body, request } = modernRequest("tools/call", { name: "deaf" });
    const call = fetch(`${server.url}/mcp`, {
      method: "POST",
      headers: Object.fromEntries(request.headers),
      body: JSON.stringify(body),
    });
    await expect
      .poll(async () => (await (await fetch(`${server.url}/metrics`)).text()).includes("mcp_running_calls 1"))
      .toBe(true);
    await server.stop();
    const answer = await call;
    expect(await answer.json()).toMatchObject({
      jsonrpc: "2.0",
      id: 1,
      error: { code: -32603, message: expect.stringContaining("whether it took effect is not known") },
    });
  });

  it("stops once, however often it is told", async () => {
    const server = await startApp();
    await Promise.all([server.stop(), server.stop()]);
    await server.stop();
  });
});
