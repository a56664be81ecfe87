/** Measures how long Portkey takes to begin its answers. */
import type { SendRequest } from "./pooled-fetch.ts";

export interface TimedRequest {
  readonly method: string;
  /** undefined where there was no answer. */
  readonly status: number | undefined;
  readonly milliseconds: number;
}

/** `send`, with a call of `onTimed` for each request. `onTimed` must not throw. */
export function timedSend(send: SendRequest, onTimed: (request: TimedRequest) => void): SendRequest {
  return async (request) => {
    const started = performance.now();
    const report = (status?: number) =>
      onTimed({ method: request.method, status, milliseconds: performance.now() - started });
    try {
      const answer = await send(request);
      report(answer.status);
      return answer;
    } catch (error) {
      report();
      throw error;
    }
  };
}
