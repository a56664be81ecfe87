/**
 * Tells when one of some files has changed: written, renamed over, or behind a symbolic link that was swapped, as
 * Kubernetes does with its secrets. Asks the file system, since notifications come neither from network file systems
 * nor for what a link leads to.
 */
import { unwatchFile, watchFile, type StatsListener } from "node:fs";

export interface WatchTiming {
  /** Milliseconds between two looks. */
  readonly everyMs: number;
  /** Milliseconds of quiet after which what was written is taken to be whole. */
  readonly settleMs: number;
}

const TIMING: WatchTiming = { everyMs: 1_000, settleMs: 250 };

export interface FileWatch {
  /** The files to watch from now on, in place of those before. */
  watch(paths: ReadonlySet<string>): void;
  close(): void;
}

/** Keeps no process running. */
export function watchFiles(changed: () => void, { everyMs, settleMs }: WatchTiming = TIMING): FileWatch {
  const listeners = new Map<string, StatsListener>();
  let timer: NodeJS.Timeout | undefined;
  const scheduleChange = (): void => {
    clearTimeout(timer);
    timer = setTimeout(changed, settleMs);
    timer.unref();
  };

  function watch(paths: ReadonlySet<string>): void {
    for (const [path, listener] of listeners) {
      if (paths.has(path)) continue;
      unwatchFile(path, listener);
      listeners.delete(path);
    }
    for (const path of paths) {
      if (listeners.has(path)) continue;
      // One of its own for each: unwatchFile takes away every use of a function.
      const listener: StatsListener = () => scheduleChange();
      listeners.set(path, listener);
      watchFile(path, { interval: everyMs, persistent: false }, listener);
    }
  }

  return {
    watch,
    close() {
      clearTimeout(timer);
      watch(new Set());
    },
  };
}
