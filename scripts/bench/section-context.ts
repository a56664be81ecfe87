/** The context of a section of a run. */
import type { Packages } from "./packages.ts";
import type { BenchWorkspace } from "./workspace.ts";

/** The data and tools that every section uses. */
export interface Bench {
  readonly workspace: BenchWorkspace;
  /** Installed once per run, when a section first asks. */
  readonly packages: () => Promise<Packages>;
  /** The API document to regenerate from: a file or a URL; without it the project's own facts. */
  readonly document?: string;
}
