/**
 * The workspace of a run: a temporary folder and processes, all removed at its end, also after a failure.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startChild, type Child, type ChildOptions } from "./child.ts";

export interface BenchWorkspace {
  readonly folder: string;
  readonly quick: boolean;
  /** A process that ends with the run, if not before. */
  start(options: Omit<ChildOptions, "complaintsFile">): Child;
  /** One line about what is being done. */
  say(line: string): void;
  close(): Promise<void>;
}

export async function openBenchWorkspace(quick: boolean, say: (line: string) => void): Promise<BenchWorkspace> {
  const folder = await mkdtemp(join(tmpdir(), "portkey-bench-"));
  const children = new Set<Child>();
  let started = 0;
  return {
    folder,
    quick,
    say,
    start(options) {
      const child = startChild({ ...options, complaintsFile: join(folder, `stderr-${(started += 1)}`) });
      children.add(child);
      void child.ended.then(() => children.delete(child));
      return child;
    },
    async close() {
      await Promise.all([...children].map((child) => child.stop()));
      await rm(folder, { recursive: true, force: true });
    },
  };
}
