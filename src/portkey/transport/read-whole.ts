/**
 * An answer that is read to its end, within its bound. undici's `request` would make a stream of it, for twice the
 * processor time, and would hear of a cancellation only when it has a connection.
 */
import type { Dispatcher } from "undici";
import type { CancelSignal } from "./cancellation.ts";
import { collectBody, type BodyBound, type BodyCollector } from "./collect-body.ts";
import { decoderOf, type AnswerHeaders } from "./decoders.ts";

export interface WholeAnswer {
  readonly status: number;
  readonly headers: AnswerHeaders;
  /** Resolves at the answer's end; rejects where it breaks off, is cancelled, or is too large. */
  readonly bytes: Promise<Buffer>;
}

/**
 * Sends, and resolves with the answer's head. `boundOf` says how much of an answer of that status is read.
 * Rejects with undici's errors, or an aborted signal's reason.
 */
export function readWhole(
  dispatcher: Dispatcher,
  request: Dispatcher.DispatchOptions,
  signal: CancelSignal | undefined,
  boundOf: (status: number) => BodyBound,
): Promise<WholeAnswer> {
  return new Promise((resolve, reject) => {
    let running: Dispatcher.DispatchController | undefined;
    let body: BodyCollector | undefined;
    const fail = (error: Error): void => {
      signal?.removeEventListener("abort", cancel);
      reject(error);
      body?.fail(error);
    };
    const cancel = (): void => {
      const reason = signal?.reason as Error;
      running?.abort(reason);
      fail(reason);
    };
    if (signal?.aborted === true) return cancel();
    signal?.addEventListener("abort", cancel);
    dispatcher.dispatch(request, {
      onRequestStart(controller) {
        running = controller;
        if (signal?.aborted === true) controller.abort(signal.reason as Error);
      },
      onResponseStart(controller, status, headers) {
        // An informational answer comes before the real one.
        if (status < 200) return;
        body = collectBody({
          bound: boundOf(status),
          decoder: decoderOf(headers),
          onFull: () => controller.abort(new Error("Enough of the answer has been read.")),
          onDrain: () => controller.resume(),
        });
        resolve({ status, headers, bytes: body.bytes });
      },
      onResponseData(controller, chunk) {
        if (body?.write(chunk) === false) controller.pause();
      },
      onResponseEnd() {
        signal?.removeEventListener("abort", cancel);
        body?.end();
      },
      onResponseError: (_controller, error) => fail(error),
    });
  });
}
