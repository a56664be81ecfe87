/** Starts a Redis for the run, and reads which commands it got. */
import { execFile } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { promisify } from "node:util";
import { Redis } from "ioredis";
import type { BenchWorkspace } from "./workspace.ts";

export interface BenchRedis {
  readonly url: string;
  /** Calls of each command since the server began, without those that ask for them. */
  commands(): Promise<Readonly<Record<string, number>>>;
  /** User and system time since it began, in milliseconds. */
  cpuMs(): Promise<number>;
  stop(): Promise<void>;
}

export async function hasRedis(): Promise<boolean> {
  return promisify(execFile)("redis-server", ["--version"]).then(
    () => true,
    () => false,
  );
}

/** On a socket of the run's folder: no port to collide with. */
export async function startRedis(workspace: BenchWorkspace): Promise<BenchRedis> {
  const folder = join(workspace.folder, "redis");
  await mkdir(folder, { recursive: true });
  const port = 20_000 + (process.pid % 20_000);
  const child = workspace.start({
    command: "redis-server",
    args: ["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", folder],
  });
  child.process.stdout.resume();
  const redis = new Redis(port, "127.0.0.1", { retryStrategy: () => 100, maxRetriesPerRequest: 50 });
  redis.on("error", () => undefined);
  await Promise.race([
    redis.ping(),
    wait(10_000).then(() => Promise.reject(new Error(`Redis does not start. ${child.complaints()}`))),
  ]);
  return {
    url: `redis://127.0.0.1:${port}`,
    commands: async () => commandCounts(await redis.info("commandstats")),
    cpuMs: async () => cpuOf(await redis.info("cpu")),
    async stop() {
      redis.disconnect();
      await child.stop();
    },
  };
}

/** `cmdstat_get:calls=3,usec=…` lines to counts by command. */
export function commandCounts(info: string): Record<string, number> {
  const lines = [...info.matchAll(/^cmdstat_(\S+?):calls=(\d+),/gm)];
  return Object.fromEntries(lines.flatMap(([, name, calls]) => (name === "info" ? [] : [[name, Number(calls)]])));
}

function cpuOf(info: string): number {
  return ["used_cpu_sys", "used_cpu_user"].reduce(
    (sum, name) => sum + 1000 * Number(new RegExp(`^${name}:([\\d.]+)`, "m").exec(info)?.[1]),
    0,
  );
}

/** The commands between two readings with their number, most frequent first. */
export function countsBetween(
  before: Readonly<Record<string, number>>,
  after: Readonly<Record<string, number>>,
): [string, number][] {
  return Object.entries(after)
    .map(([name, count]): [string, number] => [name, count - (before[name] ?? 0)])
    .filter(([, count]) => count > 0)
    .sort(([, a], [, b]) => b - a);
}
