/** The server processes of the chaos test: built once, killed, paused and started again on their ports. */
import { build } from "esbuild";
import { spawn, type ChildProcess } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { InstanceSettings } from "./instance.ts";

export interface ServerProcess {
  readonly port: number;
  readonly up: boolean;
  start(): Promise<void>;
  stop(signal: "SIGKILL" | "SIGTERM"): Promise<void>;
  pause(): void;
  unpause(): void;
}

/** Bundles the instance into `directory`; starting the sources through a loader would take a second each time. */
export async function buildInstance(directory: string): Promise<string> {
  const outfile = join(directory, "instance.mjs");
  await build({
    entryPoints: [fileURLToPath(new URL("./instance.ts", import.meta.url))],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    logLevel: "error",
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
  });
  return outfile;
}

/** A server process that is not running yet: `file` is the built instance. */
export function serverProcess(file: string, settings: InstanceSettings): ServerProcess {
  let running: ChildProcess | undefined;
  return {
    port: settings.port,
    get up() {
      return running !== undefined;
    },
    async start() {
      const started = spawn(process.execPath, [file, JSON.stringify(settings)], {
        stdio: ["ignore", "pipe", "inherit"],
      });
      running = started;
      await new Promise<void>((resolve, reject) => {
        started.stdout?.once("data", () => resolve());
        started.once("exit", (code, signal) => reject(new Error(`An instance ended with ${code ?? signal}.`)));
      });
    },
    async stop(signal) {
      const ending = running;
      running = undefined;
      if (ending === undefined || ending.exitCode !== null) return;
      const ended = new Promise((resolve) => ending.once("exit", resolve));
      ending.kill("SIGCONT");
      ending.kill(signal);
      await ended;
    },
    pause: () => void running?.kill("SIGSTOP"),
    unpause: () => void running?.kill("SIGCONT"),
  };
}
