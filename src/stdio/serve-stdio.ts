/**
 * Serves one client over a pair of streams until it disconnects or `stop` is called; running calls may then finish,
 * within a time limit. Only MCP messages are written.
 */
import type { Readable, Writable } from "node:stream";
import type { ConnectionOptions } from "./connection.ts";
import { Connection } from "./connection.ts";
import { Wire } from "./wire.ts";

export interface StdioOptions extends ConnectionOptions {
  readonly input: Readable;
  readonly output: Writable;
  /** Milliseconds that running calls may take after the client has closed its end; default 30,000. */
  readonly endGraceMs?: number;
  /** The same after `stop`; default 5,000. */
  readonly stopGraceMs?: number;
}

export interface StdioServer {
  /** Resolves when everything has ended. */
  readonly ended: Promise<void>;
  /** Stops reading, and gives running calls `stopGraceMs` to finish. A second call ends them at once. */
  stop(): void;
}

export function serveStdio({
  input,
  output,
  endGraceMs = 30_000,
  stopGraceMs = 5_000,
  ...options
}: StdioOptions): StdioServer {
  const wire = new Wire(input, output);
  const connection = new Connection(wire, options);
  const { promise: ended, resolve } = withResolvers();
  let ending = false;
  let timer: NodeJS.Timeout | undefined;

  const close = async () => {
    clearTimeout(timer);
    await connection.close().catch((error: unknown) => options.onDefect(error, "closing the connection"));
    resolve();
  };
  const closeWithin = (milliseconds: number) => {
    clearTimeout(timer);
    timer = setTimeout(() => void close(), milliseconds);
  };
  const end = () => {
    if (ending) return;
    ending = true;
    closeWithin(endGraceMs);
    void wire.waitUntilIdle().then(close);
  };

  wire.start({ message: (message) => connection.handle(message), end, broken: () => void close() });
  let stopped = false;
  return {
    ended,
    stop() {
      if (stopped) return void close();
      stopped = true;
      wire.stop();
      closeWithin(stopGraceMs);
    },
  };
}

// Promise.withResolvers came with Node 22.
function withResolvers(): { promise: Promise<void>; resolve: () => void } {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((done) => (resolve = done));
  return { promise, resolve };
}
