/**
 * An answer that is read to its end. undici's `request` would make a stream of it, for twice the processor time, and
 * would hear of a cancellation only when it has a connection.
 */
import type { Dispatcher } from "undici";

export interface WholeAnswer {
  readonly status: number;
  readonly headers: Dispatcher.ResponseData["headers"];
  /** Resolves at the answer's end; rejects where it breaks off or is cancelled. */
  readonly bytes: Promise<Buffer>;
}

/** Sends, and resolves with the answer's head. Rejects with undici's errors, or an aborted signal's reason. */
export function readWhole(
  dispatcher: Dispatcher,
  request: Dispatcher.DispatchOptions,
  signal: AbortSignal | undefined,
): Promise<WholeAnswer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let finish: (bytes: Buffer) => void = () => undefined;
    let breakOff: (error: Error) => void = () => undefined;
    const bytes = new Promise<Buffer>((done, broken) => {
      finish = done;
      breakOff = broken;
    });
    // The promise's reader sees the failure. Where the head never came it has none, which is no unhandled rejection.
    bytes.catch(() => undefined);

    let running: Dispatcher.DispatchController | undefined;
    const fail = (error: Error): void => {
      signal?.removeEventListener("abort", cancel);
      reject(error);
      breakOff(error);
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
      onResponseStart(_controller, status, headers) {
        // An informational answer comes before the real one.
        if (status >= 200) resolve({ status, headers, bytes });
      },
      onResponseData(_controller, chunk) {
        chunks.push(chunk);
      },
      onResponseEnd() {
        signal?.removeEventListener("abort", cancel);
        finish(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks));
      },
      onResponseError: (_controller, error) => fail(error),
    });
  });
}
