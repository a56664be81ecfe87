/**
 * One attempt at a request: sent, timed, cancellable, with its outcome as a value. The timeout covers the whole
 * attempt, the reading of the answer included.
 */
import { Cancellation, type CancelSignal } from "./cancellation.ts";
import type { HttpAnswer } from "./pooled-fetch.ts";

export type Outcome =
  /** Any status; `text` is the whole body. */
  | { readonly kind: "answered"; readonly response: HttpAnswer; readonly text: string }
  /** No answer, or one that broke off: `status` is set when its headers had come. */
  | { readonly kind: "broken"; readonly error: unknown; readonly status?: number }
  | { readonly kind: "timeout"; readonly status?: number }
  | { readonly kind: "cancelled" };

/** Sends the request; reports the response as soon as its headers are there, and resolves with it and its text. */
export type SendOnce = (
  signal: CancelSignal,
  onHeaders: (response: HttpAnswer) => void,
) => Promise<{ readonly response: HttpAnswer; readonly text: string }>;

/**
 * Runs one attempt, at most `timeoutMs` long; never throws.
 * With `unread`, cancelling also aborts the answer's body while it is read later.
 */
export async function attempt(
  send: SendOnce,
  signal: AbortSignal,
  timeoutMs: number,
  unread = false,
): Promise<Outcome> {
  if (signal.aborted) return { kind: "cancelled" };
  // Who reads an answer later passes the signal on to what takes real ones only.
  const real = unread ? new AbortController() : undefined;
  const light = new Cancellation();
  const end = (): void => (real ?? light).abort();
  let status: number | undefined;
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    end();
  }, timeoutMs);
  signal.addEventListener("abort", end, { once: true });
  try {
    const answer = await send(real?.signal ?? light, (response) => {
      status = response.status;
    });
    if (unread && answer.response.ok) signal.addEventListener("abort", () => real?.abort(), { once: true });
    return { kind: "answered", ...answer };
  } catch (error) {
    const seen = status === undefined ? {} : { status };
    if (signal.aborted) return { kind: "cancelled" };
    return timedOut ? { kind: "timeout", ...seen } : { kind: "broken", error, ...seen };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", end);
  }
}
