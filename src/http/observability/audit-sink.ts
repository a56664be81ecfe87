/**
 * One place of the audit. A regular file is written before the call's answer leaves, so that a crash loses no line.
 * What cannot be written waits, up to a bound; beyond it MCP_AUDIT_OVERFLOW decides.
 */
import type { HttpConfig } from "../../config/http-config.ts";
import { PortkeyMcpError } from "../../errors/errors.ts";
import { waitingSink } from "../../log/waiting-sink.ts";
import { sinkOnDescriptor, sinkOnPath, type LineSink } from "../../log/line-sink.ts";

/** What happens with lines that cannot be written: MCP_AUDIT_OVERFLOW. */
type AuditOverflow = HttpConfig["auditOverflow"];

export interface AuditOptions {
  /** Told when a line could not be written, once until writing works again. */
  readonly warn?: (message: string) => void;
  /** The process's stderr is 2. */
  readonly stderr?: number;
  readonly overflow?: AuditOverflow;
}

export interface AuditSink {
  readonly place: string;
  write(line: string): void;
  waiting(): boolean;
  lost(): number;
  reopen(): void;
  close(): void;
}

/** Throws CONFIG where `place` cannot be written. */
export function openAuditSink(place: string, { warn, stderr = 2, overflow = "drop" }: AuditOptions): AuditSink {
  let failing = false;
  const fail = (error: Error) => {
    if (!failing) warn?.(`The audit could not be written to ${place}: ${error.message}`);
    failing = true;
  };
  const sink = open(place, stderr, fail, overflow === "block");
  return {
    place,
    write(line) {
      const lostBefore = sink.lost();
      if (!sink.write(line)) {
        if (lostBefore === 0) warn?.(`The audit's lines are lost: ${place} does not take them.`);
      } else if (!sink.waiting()) failing = false;
    },
    waiting: () => sink.waiting(),
    lost: () => sink.lost(),
    reopen() {
      try {
        sink.reopen?.();
      } catch (error) {
        warn?.(`The audit could not open ${place} again: ${(error as Error).message}`);
      }
    },
    close: () => sink.close(),
  };
}

type Opened = LineSink & { reopen?(): void };

function open(place: string, stderr: number, failed: (error: Error) => void, wait: boolean): Opened {
  try {
    if (place === "stderr") return wait ? waitingSink(stderr) : sinkOnDescriptor(stderr, { lostLine, failed });
    return wait ? waitingSink(place) : sinkOnPath(place, { lostLine, failed });
  } catch (cause) {
    throw new PortkeyMcpError(
      "CONFIG",
      `MCP_AUDIT_LOG: cannot write to "${place}" (${(cause as Error).message}).`,
      {},
      { cause },
    );
  }
}

function lostLine(lost: number): string {
  return `${JSON.stringify({ time: new Date().toISOString(), audit: "lines_lost", lost })}\n`;
}
