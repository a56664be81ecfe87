/**
 * A sink that loses no line: where one cannot be written, the whole process blocks until it can.
 * For an audit log whose operator allows no call without its line.
 */
import { closeSync, openSync, writeSync } from "node:fs";
import type { LineSink } from "./line-sink.ts";

const RETRY_MS = 20;

/** `place`: a file's path, or an open descriptor. Throws where the file cannot be opened. */
export function blockingSink(place: string | number): LineSink & { reopen(): void } {
  const open = () => (typeof place === "number" ? place : openSync(place, "a", 0o600));
  const close = (fd: number) => {
    if (typeof place === "string") closeSync(fd);
  };
  let fd = open();
  return {
    write(line) {
      let rest = Buffer.from(line);
      while (rest.length > 0) {
        try {
          rest = rest.subarray(writeSync(fd, rest));
        } catch {
          sleep(RETRY_MS);
        }
      }
      return true;
    },
    waiting: () => false,
    lost: () => 0,
    flush: async () => undefined,
    close: () => close(fd),
    reopen() {
      const fresh = open();
      close(fd);
      fd = fresh;
    },
  };
}

function sleep(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}
