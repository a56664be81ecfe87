/**
 * Sends a request and reads the answer to its end, within its bound. undici's `request` would make a stream of the body
 * for twice the processor time, and could be cancelled only once it has a connection.
 */
import type { Dispatcher } from "undici";
import type { CancelSignal } from "./cancellation.ts";
import { collectBody, type BodyBound, type BodyCollector } from "./collect-body.ts";
import { decoderOf, type AnswerHeaders } from "./decoders.ts";

export interface WholeAnswer {
  readonly status: number;
  readonly headers: AnswerHeaders;
  /** Resolves at the answer's end; rejects where it is incomplete, cancelled or too large. */
  readonly bytes: Promise<Buffer>;
}

/**
 * Sends, and resolves at the answer's headers. `boundOf` gives the bound of a body by its status.
 * Rejects with undici's errors, or an aborted signal's reason.
 */
export function readWhole(
  dispatcher: Dispatcher,
  request: Dispatcher.DispatchOptions,
  signal: CancelSignal | undefined,
  boundOf: (status: number) => BodyBound,
): Promise<WholeAnswer> {
  return new Promise((resolve, reject) => {
    const reader = new WholeReader({ signal, boundOf, resolve, reject });
    if (reader.begins()) dispatcher.dispatch(request, reader);
  });
}

interface ReaderParts {
  readonly signal: CancelSignal | undefined;
  readonly boundOf: (status: number) => BodyBound;
  readonly resolve: (answer: WholeAnswer) => void;
  readonly reject: (error: Error) => void;
}

/** Handles undici's events of one request. */
class WholeReader implements Dispatcher.DispatchHandler {
  readonly #parts: ReaderParts;
  readonly #cancel = (): void => {
    const reason = this.#parts.signal?.reason as Error;
    this.#running?.abort(reason);
    this.#fail(reason);
  };
  #running: Dispatcher.DispatchController | undefined;
  #body: BodyCollector | undefined;

  constructor(parts: ReaderParts) {
    this.#parts = parts;
  }

  /** Starts listening for a cancellation; false where the request is cancelled already and must not be sent. */
  begins(): boolean {
    const { signal } = this.#parts;
    if (signal?.aborted === true) {
      this.#cancel();
      return false;
    }
    signal?.addEventListener("abort", this.#cancel);
    return true;
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    const { signal } = this.#parts;
    this.#running = controller;
    if (signal?.aborted === true) controller.abort(signal.reason as Error);
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number, headers: AnswerHeaders): void {
    // An informational response (1xx) precedes the final one.
    if (status < 200) return;
    this.#body = collectBody({
      bound: this.#parts.boundOf(status),
      decoder: decoderOf(headers),
      onFull: () => controller.abort(new Error("Enough of the answer has been read.")),
      onDrain: () => controller.resume(),
    });
    this.#parts.resolve({ status, headers, bytes: this.#body.bytes });
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#body?.write(chunk) === false) controller.pause();
  }

  onResponseEnd(): void {
    this.#stopListening();
    this.#body?.end();
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#fail(error);
  }

  #fail(error: Error): void {
    this.#stopListening();
    this.#parts.reject(error);
    this.#body?.fail(error);
  }

  #stopListening(): void {
    this.#parts.signal?.removeEventListener("abort", this.#cancel);
  }
}
