import { script } from "./child.ts";
import { firstLine } from "./first-line.ts";
import type { BenchWorkspace } from "./workspace.ts";

/** Starts the stand-in for Portkey in a process of its own; resolves with its base URL. */
export async function startUpstream(workspace: BenchWorkspace): Promise<string> {
  return `http://127.0.0.1:${await firstLine(workspace.start({ args: script("upstream-worker.ts") }))}/v1`;
}

/** The call to measure with: it makes the same request to Portkey in both packages. */
export const CALL = { name: "list_configs", arguments: {} };
