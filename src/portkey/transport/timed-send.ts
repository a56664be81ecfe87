/** Tells how long Portkey took to begin its answers. */
import type { SendRequest } from "./pooled-fetch.ts";

export interface TimedRequest {
  readonly method: string;
  /** Undefined: there was no answer. */
  readonly status: number | undefined;
  readonly milliseconds: number;
}

/** `told` must not throw. */
export function timedSend(send: SendRequest, told: (request: TimedRequest) => void): SendRequest {
  return async (request) => {
    const started = performance.now();
    const end = (status?: number) =>
      told({ method: request.method, status, milliseconds: performance.now() - started });
    try {
      const answer = await send(request);
      end(answer.status);
      return answer;
    } catch (error) {
      end();
      throw error;
    }
  };
}
