/**
 * Where lines of the log and the audit go. A pipe that nobody reads and a disk that is full must not stop the server:
 * what cannot be written waits in a bounded buffer, and what does not fit is dropped and counted.
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
  /** The line that tells how many were dropped, written when there is room again. */
  readonly lostLine: (count: number) => string;
  /** Told of each error of writing; the line itself is kept or counted. */
  readonly failed?: (error: Error) => void;
  /** Most bytes that wait. */
  readonly maxWaiting?: number;
}

const MAX_WAITING = 1_048_576;

/** A sink on an open descriptor: 2 is the process's stderr. */
export function sinkOnDescriptor(fd: number, options: LineSinkOptions): LineSink {
  const state = fstatSync(fd);
  if (!state.isFIFO() && !state.isSocket()) return new FileSink(() => fd, false, options);
  return new PipeSink(fd === 2 ? process.stderr : socketOn(fd), options);
}

/** A sink that appends to a file, which only its owner may read. Throws where the file cannot be opened. */
export function sinkOnPath(path: string, options: LineSinkOptions): LineSink & { reopen(): void } {
  const fifo = statSync(path, { throwIfNoEntry: false })?.isFIFO() === true;
  if (!fifo) return new FileSink(() => openSync(path, "a", 0o600), true, options);
  // Opened for reading too, since opening a pipe without a reader waits for one.
  const open = () => openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
  return Object.assign(new PipeSink(socketOn(open()), options), { reopen: () => undefined });
}

function socketOn(fd: number): Socket {
  const socket = new Socket({ fd, readable: false, writable: true });
  socket.unref();
  return socket;
}

/** Counts what was dropped, and says so once there is room. */
class Losses {
  total = 0;
  #untold = 0;
  readonly #lostLine: (count: number) => string;

  constructor(lostLine: (count: number) => string) {
    this.#lostLine = lostLine;
  }

  add(): false {
    this.total += 1;
    this.#untold += 1;
    return false;
  }

  /** The line to write before the next one; undefined where all losses are told. */
  take(): string | undefined {
    if (this.#untold === 0) return undefined;
    const line = this.#lostLine(this.#untold);
    this.#untold = 0;
    return line;
  }
}

class PipeSink implements LineSink {
  readonly #pipe: Writable;
  readonly #losses: Losses;
  readonly #maxWaiting: number;
  #broken = false;

  constructor(pipe: Writable, { lostLine, failed, maxWaiting = MAX_WAITING }: LineSinkOptions) {
    this.#pipe = pipe;
    this.#losses = new Losses(lostLine);
    this.#maxWaiting = maxWaiting;
    pipe.on("error", (error: Error) => {
      this.#broken = true;
      failed?.(error);
    });
  }

  write(line: string): boolean {
    if (this.#broken || this.#pipe.writableLength + Buffer.byteLength(line) > this.#maxWaiting)
      return this.#losses.add();
    try {
      const told = this.#losses.take();
      if (told !== undefined) this.#pipe.write(told);
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

/** Files are written before the call returns, so that a crash loses no line. */
class FileSink implements LineSink {
  readonly #open: () => number;
  readonly #owned: boolean;
  readonly #losses: Losses;
  readonly #failed: ((error: Error) => void) | undefined;
  readonly #maxWaiting: number;
  #fd: number;
  #queue: Buffer[] = [];
  #queued = 0;

  constructor(open: () => number, owned: boolean, { lostLine, failed, maxWaiting = MAX_WAITING }: LineSinkOptions) {
    this.#open = open;
    this.#owned = owned;
    this.#losses = new Losses(lostLine);
    this.#failed = failed;
    this.#maxWaiting = maxWaiting;
    this.#fd = open();
  }

  write(line: string): boolean {
    const fits = this.#drain() || this.#queued + Buffer.byteLength(line) <= this.#maxWaiting;
    if (!fits) return this.#losses.add();
    const told = this.#losses.take();
    const text = told === undefined ? line : told + line;
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

  /** Opens the file again under its name, after it was moved away. Throws where it cannot be opened. */
  reopen(): void {
    if (!this.#owned) return;
    const fresh = this.#open();
    closeSync(this.#fd);
    this.#fd = fresh;
  }

  /** Writes as much as can be written; the rest waits. Text is written without a buffer of its own. */
  #writeNow(text: string): void {
    let written = 0;
    try {
      written = writeSync(this.#fd, text);
    } catch (error) {
      this.#failed?.(error as Error);
    }
    // Written whole, most often, and then it needs no bytes of its own to be cut.
    if (written < Buffer.byteLength(text)) this.#enqueue(Buffer.from(text).subarray(written));
  }

  #enqueue(bytes: Buffer): void {
    this.#queue.push(bytes);
    this.#queued += bytes.length;
  }

  /** Writes what waits; false where some of it still does. */
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
      this.#failed?.(error as Error);
      return false;
    }
  }
}
