/** One task, once: a fresh sandbox, an agent with the server under test, and the grade. */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import builtIn from "../../src/sandbox/seed.json" with { type: "json" };
import { startSandbox, type StartedSandbox } from "../../src/sandbox/start.ts";
import { runAgent } from "./agent.ts";
import { failedChecks } from "./grade.ts";
import type { Task } from "./task.ts";
import { readTranscript, type Transcript } from "./transcript.ts";

const RECORD_SERVER = fileURLToPath(new URL("record-server.mjs", import.meta.url));

export interface RunOptions {
  /** The agent's command; see agent.ts. */
  readonly agent: string;
  /** The MCP server's command and arguments. */
  readonly server: readonly string[];
  readonly timeoutMs: number;
}

export interface TaskRun extends Transcript {
  readonly task: string;
  /** The unmet conditions; empty where the task was done. */
  readonly failed: readonly string[];
  readonly answer: string;
  readonly ms: number;
}

export async function runTask(task: Task, { agent, server, timeoutMs }: RunOptions): Promise<TaskRun> {
  const folder = await mkdtemp(join(tmpdir(), "portkey-eval-"));
  const sandbox = await startSandbox({ seed: { resources: seedOf(task) } });
  try {
    const transcript = join(folder, "transcript.jsonl");
    const mcpConfig = join(folder, "mcp.json");
    await writeFile(transcript, "");
    await writeFile(mcpConfig, JSON.stringify({ mcpServers: { portkey: serverEntry(sandbox, server, transcript) } }));
    const started = performance.now();
    const answer = await runAgent(agent, { request: task.request, mcpConfig, task: task.id, timeoutMs });
    const ms = Math.round(performance.now() - started);
    const requests = [...sandbox.sandbox.requests];
    const failed = await failedChecks(task, { requests, answer, read: (path) => readAsAdmin(sandbox, path) });
    return { task: task.id, failed, answer, ms, ...readTranscript(await readFile(transcript, "utf8")) };
  } finally {
    await sandbox.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** The seed's own resources, and the task's after them. */
export function seedOf({ seed = {} }: Task): Record<string, readonly Record<string, unknown>[]> {
  const own = builtIn.resources as Record<string, readonly Record<string, unknown>[]>;
  return Object.fromEntries(Object.entries(seed).map(([kind, items]) => [kind, [...(own[kind] ?? []), ...items]]));
}

function serverEntry({ url, credentials }: StartedSandbox, server: readonly string[], transcript: string) {
  return {
    command: process.execPath,
    args: [RECORD_SERVER, transcript, ...server],
    env: {
      PATH: process.env["PATH"] ?? "",
      PORTKEY_BASE_URL: `${url}/v1`,
      PORTKEY_API_KEY: credentials.workspaceKey,
      PORTKEY_ADMIN_API_KEY: credentials.adminKey,
      PORTKEY_ALLOW_PRIVATE_BASE_URL: "true",
      PORTKEY_ALLOW_INSECURE_HTTP: "true",
    },
  };
}

/** Reads a path below /v1 with the admin key; undefined where the sandbox answers with an error. */
export async function readAsAdmin({ url, credentials }: StartedSandbox, path: string): Promise<unknown> {
  const response = await fetch(`${url}/v1${path}`, { headers: { "x-portkey-api-key": credentials.adminKey } });
  return response.ok ? ((await response.json()) as unknown) : undefined;
}
