/**
 * Sinks for lines of the log and the audit. A pipe without a reader or a full disk must not stop the server:
 * lines that cannot be written wait in a bounded buffer; those that do not fit are dropped and counted.
 */
import { closeSync, constants, fstatSync, openSync, statSync, writeSync } from "node:fs";
import { Socket } from "node:net";
import type { Writable } from "node:stream";

export interface LineSink {
  /** Takes one line with its line break; false where it was dropped. Never throws, never waits. */
  write(line: string): boolean;
  /** Whether lines wait because they cannot be written now. */
  waiting(): boolean;
  /** Lines dropped since the start. */
  lost(): number;
  /** Resolves when nothing waits, or after `timeoutMs`. */
  flush(timeoutMs: number): Promise<void>;
  close(): void;
}

export interface LineSinkOptions {
  /** Makes the line that reports how many were dropped; written when there is room again. */
  readonly lostLine: (count: number) => string;
  /** Called with each write error; the line itself is kept, or counted as lost. */
  readonly onError?: (error: Error) => void;
  /** How many bytes may wait. */
  readonly maxWaiting?: number;
}

const MAX_WAITING = 1_048_576;

/** A sink on an open file descriptor, such as 2, the process's stderr. */
export function openDescriptorSink(fd: number, options: LineSinkOptions): LineSink {
  const state = fstatSync(fd);
  if (!state.isFIFO() && !state.isSocket()) return new FileSink(() => fd, false, options);
  return new PipeSink(fd === 2 ? process.stderr : openSocket(fd), options);
}

/** A sink that appends to a file, which only its owner may read. Throws where the file cannot be opened. */
export function openFileSink(path: string, options: LineSinkOptions): LineSink & { reopen(): void } {
  const fifo = statSync(path, { throwIfNoEntry: false })?.isFIFO() === true;
  if (!fifo) return new FileSink(() => openSync(path, "a", 0o600), true, options);
  // Opened for reading too: a named pipe without a reader cannot be opened for writing alone.
  const open = () => openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
  return Object.assign(new PipeSink(openSocket(open()), options), { reopen: () => undefined });
}

function openSocket(fd: number): Socket {
  const socket = new Socket({ fd, readable: false, writable: true });
  socket.unref();
  return socket;
}

/** Counts dropped lines, those in total and those not reported yet. */
class Losses {
  total = 0;
  #unreported = 0;
  readonly #lostLine: (count: number) => string;

  constructor(lostLine: (count: number) => string) {
    this.#lostLine = lostLine;
  }

  /** Counts one line; returns false, which is what `write` returns for a dropped line. */
  add(): false {
    this.total += 1;
    this.#unreported += 1;
    return false;
  }

  /** The report to write before the next line; undefined where all losses are reported. */
  take(): string | undefined {
    if (this.#unreported === 0) return undefined;
    const line = this.#lostLine(this.#unreported);
    this.#unreported = 0;
    return line;
  }
}

class PipeSink implements LineSink {
  readonly #pipe: Writable;
  readonly #losses: Losses;
  readonly #maxWaiting: number;
  #broken = false;

  constructor(pipe: Writable, { lostLine, onError, maxWaiting = MAX_WAITING }: LineSinkOptions) {
    this.#pipe = pipe;
    this.#losses = new Losses(lostLine);
    this.#maxWaiting = maxWaiting;
    pipe.on("error", (error: Error) => {
      this.#broken = true;
      onError?.(error);
    });
  }

  write(line: string): boolean {
    if (this.#broken || this.#pipe.writableLength + Buffer.byteLength(line) > this.#maxWaiting)
      return this.#losses.add();
    try {
      const report = this.#losses.take();
      if (report !== undefined) this.#pipe.write(report);
      this.#pipe.write(line);
      return true;
    } catch {
      this.#broken = true;
      return this.#losses.add();
    }
  }

  waiting(): boolean {
    return this.#broken || this.#pipe.writableLength > this.#maxWaiting / 2;
  }

  lost(): number {
    return this.#losses.total;
  }

  async flush(timeoutMs: number): Promise<void> {
    const until = Date.now() + timeoutMs;
    while (!this.#broken && this.#pipe.writableLength > 0 && Date.now() < until)
      await new Promise((resolve) => setTimeout(resolve, 5));
  }

  close(): void {
    if (this.#pipe !== process.stderr) this.#pipe.end();
  }
}

/** Writes to a file before `write` returns, so that a crash loses no line. */
class FileSink implements LineSink {
  readonly #open: () => number;
  readonly #owned: boolean;
  readonly #losses: Losses;
  readonly #onError: ((error: Error) => void) | undefined;
  readonly #maxWaiting: number;
  #fd: number;
  #queue: Buffer[] = [];
  #queued = 0;

  constructor(open: () => number, owned: boolean, { lostLine, onError, maxWaiting = MAX_WAITING }: LineSinkOptions) {
    this.#open = open;
    this.#owned = owned;
    this.#losses = new Losses(lostLine);
    this.#onError = onError;
    this.#maxWaiting = maxWaiting;
    this.#fd = open();
  }

  write(line: string): boolean {
    const fits = this.#drain() || this.#queued + Buffer.byteLength(line) <= this.#maxWaiting;
    if (!fits) return this.#losses.add();
    const report = this.#losses.take();
    const text = report === undefined ? line : report + line;
    if (this.#queue.length > 0) this.#enqueue(Buffer.from(text));
    else this.#writeNow(text);
    return true;
  }

  waiting(): boolean {
    return !this.#drain();
  }

  lost(): number {
    return this.#losses.total;
  }

  async flush(): Promise<void> {
    this.#drain();
  }

  close(): void {
    this.#drain();
    if (this.#owned) closeSync(this.#fd);
  }

  /** Opens the file again by its name, after log rotation moved it. Throws where it cannot be opened. */
  reopen(): void {
    if (!this.#owned) return;
    const fresh = this.#open();
    closeSync(this.#fd);
    this.#fd = fresh;
  }

  /** Writes as much as can be written now; the rest is queued. */
  #writeNow(text: string): void {
    let written = 0;
    try {
      written = writeSync(this.#fd, text);
    } catch (error) {
      this.#onError?.(error as Error);
    }
    // Most lines are written whole; only a rest has to become a Buffer.
    if (written < Buffer.byteLength(text)) this.#enqueue(Buffer.from(text).subarray(written));
  }

  #enqueue(bytes: Buffer): void {
    this.#queue.push(bytes);
    this.#queued += bytes.length;
  }

  /** Writes the queue; false where some of it is still waiting. */
  #drain(): boolean {
    try {
      for (let next = this.#queue[0]; next !== undefined; next = this.#queue[0]) {
        const written = writeSync(this.#fd, next);
        this.#queued -= written;
        if (written === next.length) this.#queue.shift();
        else this.#queue[0] = next.subarray(written);
      }
      return true;
    } catch (error) {
      this.#onError?.(error as Error);
      return false;
    }
  }
}
