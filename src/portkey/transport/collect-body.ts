/**
 * An answer's bytes, counted while they come and after decompression, so that no answer decides how much memory it
 * takes. Over its bound an answer is an error, or ends there where only its beginning is wanted.
 */
import type { Transform } from "node:stream";
import { bytesInWords } from "../../errors/bounds.ts";

export interface BodyBound {
  readonly bytes: number;
  /** The beginning is enough: what is over the bound is left unread. Otherwise it is an error. */
  readonly cut: boolean;
}

/** An answer that is larger than is read of its kind. */
export class AnswerTooLarge extends Error {
  readonly code = "ANSWER_TOO_LARGE";
  constructor(readonly bytes: number) {
    super(`The answer is larger than ${bytesInWords(bytes)}.`);
    this.name = "AnswerTooLarge";
  }
}

export interface BodyCollector {
  /** The whole body, or its beginning where that is enough. Rejects with AnswerTooLarge or a decoder's error. */
  readonly bytes: Promise<Buffer>;
  /** Takes the next bytes as they came; false where the sender should wait for `onDrain`. */
  write(chunk: Buffer): boolean;
  end(): void;
  fail(error: Error): void;
}

export interface CollectorOptions {
  readonly bound: BodyBound;
  readonly decoder: Transform | undefined;
  /** Nothing more is wanted: called once, when the bound is passed or the decoder failed. */
  readonly onFull: () => void;
  readonly onDrain: () => void;
}

/** Collects one body. */
export function collectBody({ bound, decoder, onFull, onDrain }: CollectorOptions): BodyCollector {
  const chunks: Buffer[] = [];
  let held = 0;
  let received = 0;
  let ended = false;
  const { promise: bytes, resolve, reject } = promiseWithResolvers<Buffer>();
  // Whoever reads the body sees the failure; where the head never came nobody does.
  bytes.catch(() => undefined);

  function settle(finish: () => void): void {
    if (ended) return;
    ended = true;
    finish();
    chunks.length = 0;
  }
  const finish = (): void => settle(() => resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)));
  const fail = (error: Error): void => {
    settle(() => reject(error));
    decoder?.destroy();
  };
  const stop = (): void => {
    if (ended) return;
    if (bound.cut) finish();
    else fail(new AnswerTooLarge(bound.bytes));
    decoder?.destroy();
    onFull();
  };
  const hold = (chunk: Buffer): void => {
    if (ended) return;
    const room = bound.bytes - held;
    chunks.push(chunk.length > room ? chunk.subarray(0, room) : chunk);
    held += chunk.length;
    if (held > bound.bytes) stop();
  };
  decoder
    ?.on("data", hold)
    .on("end", finish)
    .on("drain", onDrain)
    .on("error", (error) => {
      if (ended) return;
      fail(error);
      onFull();
    });

  return {
    bytes,
    write(chunk) {
      if (ended) return true;
      if (decoder === undefined) {
        hold(chunk);
        return true;
      }
      received += chunk.length;
      // What decompresses to nothing has to end too.
      if (received > bound.bytes) stop();
      return ended || decoder.write(chunk);
    },
    end: () => (decoder === undefined || ended ? finish() : void decoder.end()),
    fail,
  };
}

function promiseWithResolvers<T>() {
  let resolve: (value: T) => void = () => undefined;
  let reject: (error: Error) => void = () => undefined;
  const promise = new Promise<T>((done, failed) => {
    resolve = done;
    reject = failed;
  });
  return { promise, resolve, reject };
}
