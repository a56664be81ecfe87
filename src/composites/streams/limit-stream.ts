/** Limits a stream in bytes, total time and time without data. */
import { bytesInWords } from "../../errors/bounds.ts";
import { PortkeyMcpError } from "../../errors/errors.ts";

export interface StreamLimits {
  readonly bytes: number;
  /** Milliseconds between two chunks, and before the first. */
  readonly idleMs: number;
  /** Milliseconds for the whole stream. */
  readonly totalMs: number;
}

/** Yields the chunks unchanged. Throws UNREACHABLE at a limit. Cancels the source unless it was read to its end. */
export async function* limitStream(
  body: ReadableStream<Uint8Array>,
  { bytes, idleMs, totalMs }: StreamLimits,
): AsyncGenerator<Uint8Array> {
  const reader = body.getReader();
  const started = performance.now();
  let received = 0;
  let finished = false;
  try {
    for (;;) {
      const left = totalMs - (performance.now() - started);
      const { done, value } = await withTimeout(reader.read(), Math.min(idleMs, left), () => {
        const waited =
          left <= idleMs ? `did not end within ${inSeconds(totalMs)}` : `was silent for ${inSeconds(idleMs)}`;
        return new PortkeyMcpError("UNREACHABLE", `It ${waited}.`);
      });
      finished = done;
      if (done) return;
      received += value.byteLength;
      if (received > bytes)
        throw new PortkeyMcpError(
          "UNREACHABLE",
          `It is larger than ${bytesInWords(bytes)}, the most that is read of it.`,
        );
      yield value;
    }
  } finally {
    if (!finished) void reader.cancel().catch(() => undefined);
  }
}

/** The promise's value; throws the error of `late` where it takes longer than `ms`. */
async function withTimeout<T>(promise: Promise<T>, ms: number, late: () => Error): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(late()), Math.max(ms, 0));
  });
  try {
    return await Promise.race([promise, timeout]);
  } finally {
    clearTimeout(timer);
    // The promise may still reject after the timeout, which must not be an unhandled rejection.
    promise.catch(() => undefined);
  }
}

function inSeconds(ms: number): string {
  return `${Math.round(ms / 100) / 10} s`;
}
