/**
 * The log: JSON lines on stderr through pino, secrets masked. stdout belongs to MCP over stdio, so nothing goes there.
 * pino costs about 40 ms and 8 MB to load, so it is loaded with the first line that is actually written.
 * A stderr that is not read does not block the server: over a bound, lines are dropped and counted.
 */
import type { Logger } from "pino";
import { openDescriptorSink, type LineSink } from "./line-sink.ts";
import { maskSecrets } from "./mask.ts";
import { spellUnseen } from "./spell-unseen.ts";

export const LOG_LEVELS = ["trace", "debug", "info", "warn", "error", "fatal", "silent"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];
export type WrittenLevel = Exclude<LogLevel, "silent">;

export interface Log {
  /** Writes one line with `facts` as its members; drops it when the level is below the log's. Never throws. */
  write(level: WrittenLevel, message: string, facts?: Readonly<Record<string, unknown>>): void;
  /** Resolves when every line so far is on stderr, or after FLUSH_MS; call it before the process ends. */
  flush(): Promise<void>;
  /** Lines dropped since the start, because stderr was not read. */
  lost?(): number;
}

/** How long `flush` waits for a stderr that is not read. */
const FLUSH_MS = 500;

/** A log of lines at `level` and above. Tests give an `fd` of their own; 2 is the process's stderr. */
export function createLog(level: string, fd = 2): Log {
  const threshold = LOG_LEVELS.indexOf(isLevel(level) ? level : "info");
  let logger: Logger | undefined;
  let sink: LineSink | undefined;
  let loading: Promise<void> | undefined;

  async function open(): Promise<void> {
    if (logger !== undefined) return;
    sink = openDescriptorSink(fd, { lostLine });
    logger = await openLogger(LOG_LEVELS[threshold] ?? "info", sink);
  }

  return {
    write(lineLevel, message, facts = {}) {
      if (LOG_LEVELS.indexOf(lineLevel) < threshold) return;
      if (logger !== undefined) return writeLine(logger, lineLevel, message, facts);
      loading = (loading ?? Promise.resolve())
        .then(open)
        .then(() => writeLine(logger as Logger, lineLevel, message, facts))
        // A failure of the log itself cannot be logged, and must not become an unhandled rejection.
        .catch(() => undefined);
    },
    async flush() {
      await loading;
      await sink?.flush(FLUSH_MS);
    },
    lost: () => sink?.lost() ?? 0,
  };
}

/** Facts that cannot be written as JSON are left out: logging must not make its caller fail. */
function writeLine(
  logger: Logger,
  level: WrittenLevel,
  message: string,
  facts: Readonly<Record<string, unknown>>,
): void {
  try {
    logger[level](facts, message);
  } catch {
    logger[level](message);
  }
}

function lostLine(dropped: number): string {
  const msg = "lines of the log were dropped: stderr was not read";
  return `${JSON.stringify({ level: "warn", time: new Date().toISOString(), dropped, msg })}\n`;
}

/** A log that writes nothing. */
export const silentLog: Log = { write() {}, async flush() {} };

async function openLogger(level: LogLevel, sink: LineSink): Promise<Logger> {
  // In the bundle, a CommonJS package has only its default export.
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
    { write: (line: string) => void sink.write(`${spellUnseen(line.trimEnd())}\n`) },
  );
}

function isLevel(level: string): level is LogLevel {
  return (LOG_LEVELS as readonly string[]).includes(level);
}
