/**
 * The log: JSON lines on stderr through pino, secrets masked. stdout belongs to MCP over stdio, so nothing goes there.
 * pino costs about 40 ms and 8 MB to load, so it is loaded with the first line that is actually written.
 */
import type { Logger } from "pino";
import { maskSecrets } from "./mask.ts";

export const LOG_LEVELS = ["trace", "debug", "info", "warn", "error", "fatal", "silent"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];
export type WrittenLevel = Exclude<LogLevel, "silent">;

export interface Log {
  /** Writes one line with `facts` as its members; drops it when the level is below the log's. */
  write(level: WrittenLevel, message: string, facts?: Readonly<Record<string, unknown>>): void;
  /** Resolves when every line written so far is on stderr; call it before the process ends. */
  flush(): Promise<void>;
}

/** A log at `level` and above. `fd` is for tests; the process's stderr is 2. */
export function createLog(level: string, fd = 2): Log {
  const threshold = LOG_LEVELS.indexOf(isLevel(level) ? level : "info");
  let logger: Logger | undefined;
  let loading: Promise<void> | undefined;
  return {
    write(lineLevel, message, facts = {}) {
      if (LOG_LEVELS.indexOf(lineLevel) < threshold) return;
      if (logger !== undefined) return logger[lineLevel](facts, message);
      loading = (loading ?? Promise.resolve())
        .then(async () => {
          logger ??= await openLogger(LOG_LEVELS[threshold] ?? "info", fd);
          logger[lineLevel](facts, message);
        })
        // A failure of the log itself has nowhere to go, and must not become an error that is logged.
        .catch(() => undefined);
    },
    async flush() {
      await loading;
    },
  };
}

/** A log that writes nothing. */
export const silentLog: Log = { write() {}, async flush() {} };

async function openLogger(level: LogLevel, fd: number): Promise<Logger> {
  // In a bundle, a CommonJS package has its default export alone.
  const { default: pino } = await import("pino");
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: {
        level: (label) => ({ level: label }),
        log: (facts) => maskSecrets(facts) as Record<string, unknown>,
      },
    },
    pino.destination({ fd, sync: true }),
  );
}

function isLevel(level: string): level is LogLevel {
  return (LOG_LEVELS as readonly string[]).includes(level);
}
