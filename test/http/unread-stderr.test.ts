/** A whole server whose stderr is a pipe that nobody reads: log and audit both go there by default. */
import { spawn, type ChildProcess } from "node:child_process";
import { afterEach, describe, expect, it } from "vitest";
import { freePort } from "./redis/redis-server.ts";

let child: ChildProcess | undefined;
afterEach(() => void child?.kill("SIGKILL"));

async function start(env: Record<string, string>): Promise<string> {
  const port = await freePort();
  child = spawn(process.execPath, ["--import", "tsx", "src/cli/server.ts", "--sandbox"], {
    stdio: ["ignore", "ignore", "pipe"],
    env: { ...process.env, MCP_PORT: String(port), RATE_LIMIT_ENABLED: "false", MCP_EVENT_STORE: "off", ...env },
  });
  const url = `http://127.0.0.1:${port}`;
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const answer = await fetch(`${url}/health`).catch(() => undefined);
    if (answer?.ok) return url;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error("The server did not start.");
}

async function callOnce(url: string, id: number): Promise<Record<string, unknown>> {
  const answer = await fetch(`${url}/mcp`, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/json, text/event-stream" },
    body: JSON.stringify({ jsonrpc: "2.0", id, method: "tools/call", params: { name: "get_prompt", arguments: {} } }),
    signal: AbortSignal.timeout(20_000),
  });
  return (await answer.json()) as Record<string, unknown>;
}

async function callMany(url: string, count: number): Promise<Record<string, unknown>[]> {
  const answers: Record<string, unknown>[] = [];
  for (let done = 0; done < count; done += 50) {
    const batch = Array.from({ length: Math.min(50, count - done) }, (_, index) => callOnce(url, done + index));
    answers.push(...(await Promise.all(batch)));
  }
  return answers;
}

describe("with a stderr that nobody reads", () => {
  it("every call is answered, and lost lines are counted", async () => {
    const url = await start({ MCP_SESSION_MODE: "stateless", LOG_LEVEL: "debug" });
    const answers = await callMany(url, 4_000);
    expect(answers.filter((answer) => "result" in answer)).toHaveLength(4_000);
    const metrics = await (await fetch(`${url}/metrics`)).text();
    expect(metrics).toMatch(/mcp_lines_lost_total\{of="log"\} [1-9]/);
  }, 60_000);

  it("calls are refused where the audit must not lose a line", async () => {
    const url = await start({ MCP_SESSION_MODE: "stateless", MCP_AUDIT_OVERFLOW: "refuse" });
    const answers = await callMany(url, 4_000);
    const refused = answers.filter(({ error }) => (error as Error | undefined)?.message.includes("MCP_AUDIT_OVERFLOW"));
    expect(refused.length).toBeGreaterThan(100);
    expect(answers.filter((answer) => "result" in answer).length + refused.length).toBe(4_000);
    const metrics = await (await fetch(`${url}/metrics`)).text();
    expect(metrics).toMatch(/mcp_lines_lost_total\{of="audit"\} 0/);
  }, 60_000);
});
