/** The built server with a stderr that is a pipe nobody reads: log and audit both go there by default. */
import { spawn, type ChildProcess } from "node:child_process";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, describe, expect, it } from "vitest";
import { useBuiltServer } from "../e2e/built-server.ts";
import { freePort } from "../free-port.ts";

const server = useBuiltServer();
let child: ChildProcess | undefined;
afterEach(() => void child?.kill("SIGKILL"));

async function start(env: Record<string, string>): Promise<string> {
  const port = await freePort();
  child = spawn(process.execPath, [server.path("server.js"), "--sandbox"], {
    stdio: ["ignore", "ignore", "pipe"],
    env: { ...process.env, MCP_PORT: String(port), RATE_LIMIT_ENABLED: "false", MCP_EVENT_STORE: "off", ...env },
  });
  const url = `http://127.0.0.1:${port}`;
  for (let attempt = 0; attempt < 1_200; attempt += 1) {
    const answer = await fetch(`${url}/health`).catch(() => undefined);
    if (answer?.ok) return url;
    await delay(50);
  }
  throw new Error("The server did not start.");
}

/** Each is refused before anything is sent, and its lines are as long as a line gets: so the pipe is soon full. */
const CALL = { name: "get_prompt", arguments: { prompt_id: "p".repeat(128), fields: 1 } };

async function callOnce(url: string, id: number): Promise<Record<string, unknown>> {
  const answer = await fetch(`${url}/mcp`, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/json, text/event-stream" },
    body: JSON.stringify({ jsonrpc: "2.0", id, method: "tools/call", params: CALL }),
    signal: AbortSignal.timeout(60_000),
  });
  return (await answer.json()) as Record<string, unknown>;
}

type Answers = readonly Record<string, unknown>[];

const MOST_CALLS = 8_000;
/** Fewer than may run at once for one caller. */
const AT_ONCE = 50;

/** Calls until it is enough; a server that blocks leaves a call unanswered, which throws. */
async function callUntil(url: string, enough: (answers: Answers) => Promise<boolean>): Promise<Answers> {
  const answers: Record<string, unknown>[] = [];
  while (answers.length < MOST_CALLS) {
    const batch = Array.from({ length: AT_ONCE }, (_, index) => callOnce(url, answers.length + index));
    answers.push(...(await Promise.all(batch)));
    if (await enough(answers)) return answers;
  }
  throw new Error(`After ${MOST_CALLS} calls the pipe has room.`);
}

async function lostLines(url: string, of: "log" | "audit"): Promise<number> {
  const metrics = await (await fetch(`${url}/metrics`)).text();
  return Number(new RegExp(`mcp_lines_lost_total\\{of="${of}"\\} (\\d+)`).exec(metrics)?.[1]);
}

describe("with a stderr that nobody reads", () => {
  it("every call is answered, and lost lines are counted", async () => {
    const url = await start({ MCP_SESSION_MODE: "stateless", LOG_LEVEL: "debug" });
    await callUntil(url, async () => (await lostLines(url, "log")) > 0);
    // Now that the pipe is full.
    const answers = await callUntil(url, async (all) => all.length >= 300);
    expect(answers.filter((answer) => "result" in answer)).toHaveLength(answers.length);
  }, 180_000);

  it("calls are refused where the audit must not lose a line", async () => {
    const url = await start({ MCP_SESSION_MODE: "stateless", MCP_AUDIT_OVERFLOW: "refuse" });
    const isRefused = ({ error }: Record<string, unknown>) =>
      (error as Error | undefined)?.message.includes("MCP_AUDIT_OVERFLOW") === true;
    const answers = await callUntil(url, async (all) => all.filter(isRefused).length > 100);
    expect(answers.filter((answer) => "result" in answer || isRefused(answer))).toHaveLength(answers.length);
    expect(answers.filter((answer) => "result" in answer).length).toBeGreaterThan(100);
    expect(await lostLines(url, "audit")).toBe(0);
  }, 180_000);
});
