/**
 * Watches files for changes: written, replaced, or behind a symbolic link that was swapped, as Kubernetes does with
 * secrets. It polls, since there are no notifications from network file systems or for the targets of links.
 */
import { unwatchFile, watchFile, type StatsListener } from "node:fs";

export interface WatchTiming {
  /** Milliseconds between two polls. */
  readonly everyMs: number;
  /** Milliseconds without a change after which a file counts as completely written. */
  readonly settleMs: number;
}

const TIMING: WatchTiming = { everyMs: 1_000, settleMs: 250 };

export interface FileWatch {
  /** Sets the files to watch, which replace earlier ones. */
  watch(paths: ReadonlySet<string>): void;
  close(): void;
}

/** The polling does not keep the process running. */
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
      // A function for each file: unwatchFile removes all uses of a function.
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
