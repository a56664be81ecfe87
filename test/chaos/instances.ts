/** The server processes of the chaos test: built once, killed, paused and started again on their ports. */
import { build } from "esbuild";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { RestartableProcess } from "../restartable-process.ts";
import type { InstanceSettings } from "./instance.ts";

/** One of them, with the port that it keeps. */
export interface ServerProcess extends Pick<RestartableProcess, "start" | "stop" | "pause" | "unpause"> {
  readonly port: number;
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
  const instance = new RestartableProcess({
    command: process.execPath,
    args: [file, JSON.stringify(settings)],
    stderr: "inherit",
    // All that it writes is where it listens.
    isReady: () => true,
  });
  return Object.assign(instance, { port: settings.port });
}
