/**
 * Collects an answer's body within a bound on its bytes, compressed and decompressed, so that it cannot take any amount
 * of memory. A larger body is an error, or is cut where only its beginning is needed.
 */
import type { Transform } from "node:stream";
import { bytesInWords } from "../../errors/bounds.ts";
import { SmallPieces } from "../../errors/small-pieces.ts";

export interface BodyBound {
  readonly bytes: number;
  /** Whether a larger body is cut; otherwise it is an error. */
  readonly cut: boolean;
}

/** The error for an answer over its bound. */
export class AnswerTooLarge extends Error {
  readonly code = "ANSWER_TOO_LARGE";
  constructor(readonly bytes: number) {
    super(`The answer is larger than ${bytesInWords(bytes)}.`);
    this.name = "AnswerTooLarge";
  }
}

export interface BodyCollector {
  /** The whole body, or its beginning where it is cut. Rejects with AnswerTooLarge or a decoder's error. */
  readonly bytes: Promise<Buffer>;
  /** Takes the next bytes as received; false where the sender should wait for `onDrain`. */
  write(chunk: Buffer): boolean;
  end(): void;
  fail(error: Error): void;
}

export interface CollectorOptions {
  readonly bound: BodyBound;
  readonly decoder: Transform | undefined;
  /** Called once when no more bytes are needed: the bound is passed, or the decoder failed. */
  readonly onFull: () => void;
  readonly onDrain: () => void;
}

/** Collects one body. */
export function collectBody(options: CollectorOptions): BodyCollector {
  return new Collector(options);
}

class Collector implements BodyCollector {
  readonly bytes: Promise<Buffer>;
  readonly #options: CollectorOptions;
  readonly #resolve: (bytes: Buffer) => void;
  readonly #reject: (error: Error) => void;
  readonly #chunks: Buffer[] = [];
  readonly #pieces = new SmallPieces();
  #held = 0;
  #received = 0;
  #ended = false;

  constructor(options: CollectorOptions) {
    this.#options = options;
    const { promise, resolve, reject } = promiseWithResolvers<Buffer>();
    this.bytes = promise;
    this.#resolve = resolve;
    this.#reject = reject;
    // The reader of the body handles a failure. Without headers there is no reader, and the rejection is ignored.
    promise.catch(() => undefined);
    options.decoder
      ?.on("data", (chunk: Buffer) => this.#hold(chunk))
      .on("end", () => this.#finish())
      .on("drain", options.onDrain)
      .on("error", (error) => {
        if (this.#ended) return;
        this.fail(error);
        options.onFull();
      });
  }

  write(chunk: Buffer): boolean {
    const { decoder, bound } = this.#options;
    if (this.#ended) return true;
    if (decoder === undefined) {
      this.#hold(chunk);
      return true;
    }
    this.#received += chunk.length;
    // Compressed bytes count too, since they may decompress to nothing.
    if (this.#received > bound.bytes) this.#stop();
    return this.#ended || decoder.write(chunk);
  }

  end(): void {
    const { decoder } = this.#options;
    if (decoder === undefined || this.#ended) this.#finish();
    else decoder.end();
  }

  fail(error: Error): void {
    this.#settle(() => this.#reject(error));
    this.#options.decoder?.destroy();
  }

  #settle(finish: () => void): void {
    if (this.#ended) return;
    this.#ended = true;
    finish();
    this.#chunks.length = 0;
  }

  #finish(): void {
    const chunks = [...this.#chunks, ...this.#pieces.rest()];
    this.#settle(() => this.#resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)));
  }

  /** Ends at the bound: the body is cut, or an error. */
  #stop(): void {
    const { bound, decoder, onFull } = this.#options;
    if (this.#ended) return;
    if (bound.cut) this.#finish();
    else this.fail(new AnswerTooLarge(bound.bytes));
    decoder?.destroy();
    onFull();
  }

  #hold(chunk: Buffer): void {
    if (this.#ended) return;
    const { bytes } = this.#options.bound;
    const room = bytes - this.#held;
    for (const piece of this.#pieces.add(chunk.length > room ? chunk.subarray(0, room) : chunk))
      this.#chunks.push(piece);
    this.#held += chunk.length;
    if (this.#held > bytes) this.#stop();
  }
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
