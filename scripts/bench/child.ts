/** Starts and stops processes of a benchmark, and reads their memory and CPU time. */
import { spawn, type ChildProcessByStdio } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import type { Readable, Writable } from "node:stream";
import { fileURLToPath } from "node:url";

export interface ChildOptions {
  readonly command?: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** A file for stderr, the audit included: reading a pipe here would take CPU time from the measured processes. */
  readonly complaintsFile: string;
  /** With a probe the process answers `probe()`; it must be Node's. */
  readonly probed?: boolean;
}

export interface Probe {
  /** Bytes of heap and buffers after a garbage collection. */
  readonly liveBytes: number;
  readonly rssBytes: number;
  /** User and system time since the process began. */
  readonly cpuMs: number;
}

export interface Child {
  readonly process: ChildProcessByStdio<Writable, Readable, null>;
  /** The last lines of stderr. */
  readonly complaints: () => string;
  readonly ended: Promise<void>;
  /** SIGTERM, and SIGKILL after five seconds. */
  stop(): Promise<void>;
  /** Collects garbage first. */
  probe(): Promise<Probe>;
}

const PROBE = new URL("probe.mjs", import.meta.url);
/** This process's environment without variables that could configure a contender. */
const PASSED = ["PATH", "HOME", "TMPDIR", "SystemRoot"];

export function cleanEnvironment(): Record<string, string> {
  return Object.fromEntries(
    PASSED.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
  );
}

export function startChild({
  command = process.execPath,
  args,
  env = {},
  cwd,
  complaintsFile,
  probed = false,
}: ChildOptions): Child {
  const flags = probed ? ["--expose-gc", "--import", PROBE.href] : [];
  const complaints = openSync(complaintsFile, "w");
  const child = spawn(command, [...flags, ...args], {
    env: { ...cleanEnvironment(), ...env },
    stdio: ["pipe", "pipe", complaints, ...(probed ? (["ipc"] as const) : [])],
    ...(cwd !== undefined && { cwd }),
  }) as unknown as ChildProcessByStdio<Writable, Readable, null>;
  closeSync(complaints);
  // A contender that exits early is reported where its output is awaited.
  child.stdin.on("error", () => undefined);
  const ended = endOf(child);
  return {
    process: child,
    complaints: () => readFileSync(complaintsFile, "utf8").slice(-2_000),
    ended,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
      child.kill("SIGTERM");
      const timer = setTimeout(() => child.kill("SIGKILL"), 5_000);
      await ended;
      clearTimeout(timer);
    },
    async probe() {
      const [answer] = await Promise.all([
        once(child, "message", { signal: AbortSignal.timeout(30_000) }),
        child.send("probe"),
      ]);
      return answer[0] as Probe;
    },
  };
}

function endOf(child: Child["process"]): Promise<void> {
  return new Promise((resolve) => {
    child.once("close", () => resolve());
    child.once("error", () => resolve());
  });
}

/** Resident memory in bytes, of any process of this machine; NaN where the system does not provide it. */
export async function residentBytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]) * 1024;
}

/** The arguments that run a script of this folder. */
export function script(name: string): string[] {
  return ["--import", "tsx", fileURLToPath(new URL(name, import.meta.url))];
}
