/**
 * Runs one attempt at a request, with a timeout and cancellation; its outcome is a value. The timeout covers the whole
 * attempt, including reading the answer.
 */
import { Cancellation, type CancelSignal } from "./cancellation.ts";
import type { HttpAnswer } from "./pooled-fetch.ts";

export type Outcome =
  /** Any status; `text` is the whole body. */
  | { readonly kind: "answered"; readonly response: HttpAnswer; readonly text: string }
  /** No answer, or an incomplete one: `status` is set where its headers were received. */
  | { readonly kind: "broken"; readonly error: unknown; readonly status?: number }
  | { readonly kind: "timeout"; readonly status?: number }
  | { readonly kind: "cancelled" };

/** Sends the request, calls `onHeaders` when the headers are received, and resolves with the response and its text. */
export type SendOnce = (
  signal: CancelSignal,
  onHeaders: (response: HttpAnswer) => void,
) => Promise<{ readonly response: HttpAnswer; readonly text: string }>;

/**
 * Runs one attempt of at most `timeoutMs`. Does not throw.
 * With `unread`, cancelling also aborts the answer's body while it is read later.
 */
export async function attempt(
  send: SendOnce,
  signal: AbortSignal,
  timeoutMs: number,
  unread = false,
): Promise<Outcome> {
  if (signal.aborted) return { kind: "cancelled" };
  // An unread body is read as a stream later, which takes only a real AbortSignal.
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
