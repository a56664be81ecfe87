/**
 * The servers for the clients: the installed bundle with its sandbox, and with an upstream that never answers.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { join } from "node:path";
import type { Target, Transport } from "./client.ts";
import { ENVIRONMENT } from "./workspace.ts";

/** The upstream of a server. */
export type Upstream = "sandbox" | Readonly<Record<string, string>>;

export interface Servers {
  target(transport: Transport, upstream: Upstream): Promise<Target>;
  close(): Promise<void>;
}

export function serversOf(bundle: string): Servers {
  const started: ChildProcess[] = [];
  const known = new Map<Upstream, Promise<Target>>();
  return {
    async target(transport, upstream) {
      const { args, env } = start(upstream);
      if (transport === "stdio")
        return { kind: "stdio", command: process.execPath, args: [join(bundle, "build", "index.js"), ...args], env };
      const target = known.get(upstream) ?? startHttp(bundle, args, env, started);
      known.set(upstream, target);
      return target;
    },
    async close() {
      for (const child of started) child.kill("SIGKILL");
      await Promise.all(started.map((child) => child.exitCode ?? child.signalCode ?? once(child, "close")));
    },
  };
}

function start(upstream: Upstream): { args: string[]; env: Record<string, string> } {
  return upstream === "sandbox"
    ? { args: ["--sandbox"], env: { ...ENVIRONMENT } }
    : { args: [], env: { ...ENVIRONMENT, ...upstream } };
}

async function startHttp(
  bundle: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  started: ChildProcess[],
): Promise<Target> {
  const port = await freePort();
  const child = spawn(process.execPath, [join(bundle, "build", "server.js"), ...args], {
    env: { ...env, MCP_PORT: String(port), RATE_LIMIT_ENABLED: "false", MCP_AUDIT_LOG: "off", LOG_LEVEL: "warn" },
    stdio: ["ignore", "ignore", "pipe"],
  });
  started.push(child);
  let output = "";
  child.stderr?.on("data", (chunk: Buffer) => (output += chunk.toString()));
  child.once("close", (code, signal) => {
    if (signal !== "SIGKILL") process.stderr.write(`The HTTP server ended by itself (${signal ?? code}): ${output}\n`);
  });
  for (;;) {
    if (child.exitCode !== null) throw new Error(`the HTTP server ended with ${child.exitCode}: ${output.trim()}`);
    const healthy = await fetch(`http://127.0.0.1:${port}/health`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (healthy) return { kind: "http", url: `http://127.0.0.1:${port}/mcp` };
    await delay(100);
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
