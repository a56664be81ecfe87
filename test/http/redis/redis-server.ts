/**
 * A real redis-server on a free port, in a directory of its own; the tests that need one are skipped where there is
 * none.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "../../free-port.ts";
import { isInstalled } from "../../installed.ts";

export const hasRedis = isInstalled("redis-server");

export interface RedisServer {
  readonly port: number;
  readonly url: string;
  /** Ends it and starts it again with what it had written. */
  restart(signal?: "SIGTERM" | "SIGKILL"): Promise<void>;
  stop(signal?: "SIGTERM" | "SIGKILL"): Promise<void>;
  start(): Promise<void>;
  pause(): void;
  unpause(): void;
  close(): Promise<void>;
}

/** `keep`: writes every command to its append-only file before it answers, so that a restart loses nothing. */
export async function startRedis({ keep = false, options = [] as readonly string[] } = {}): Promise<RedisServer> {
  const directory = await mkdtemp(join(tmpdir(), "redis-"));
  const port = await freePort();
  let process_: ChildProcess | undefined;

  async function start(): Promise<void> {
    const started = spawn(
      "redis-server",
      [
        "--port",
        String(port),
        "--bind",
        "127.0.0.1",
        "--dir",
        directory,
        "--save",
        "",
        "--appendonly",
        keep ? "yes" : "no",
        ...options,
      ],
      {
        stdio: ["ignore", "pipe", "ignore"],
      },
    );
    process_ = started;
    await new Promise<void>((resolve, reject) => {
      started.once("exit", (code) => reject(new Error(`redis-server ended with ${code}`)));
      started.stdout?.on("data", (chunk: Buffer) => {
        if (chunk.includes("Ready to accept connections")) resolve();
      });
    });
    started.stdout?.resume();
  }

  async function stop(signal: "SIGTERM" | "SIGKILL" = "SIGKILL"): Promise<void> {
    const running = process_;
    process_ = undefined;
    if (running === undefined || running.exitCode !== null) return;
    const ended = new Promise((resolve) => running.once("exit", resolve));
    running.kill("SIGCONT");
    running.kill(signal);
    await ended;
  }

  await start();
  return {
    port,
    url: `redis://127.0.0.1:${port}`,
    start,
    stop,
    async restart(signal) {
      await stop(signal);
      await start();
    },
    pause: () => void process_?.kill("SIGSTOP"),
    unpause: () => void process_?.kill("SIGCONT"),
    async close() {
      await stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
