/** Reports each attempt at a request to the call's watch, and sends it with the headers of its trace. */
import type { RequestWatch, WatchedEnd } from "../port.ts";
import type { Outcome } from "./attempt.ts";
import type { OutgoingRequest } from "./client.ts";
import { readNetworkFailure } from "./network.ts";

/** Runs one attempt; `send` gets the request with the trace's headers. */
export type RunAttempt = (send: (request: OutgoingRequest) => Promise<Outcome>) => Promise<Outcome>;

export function watchedAttempts(watch: RequestWatch | undefined, request: OutgoingRequest, base: string): RunAttempt {
  if (watch === undefined) return (send) => send(request);
  const { method = "GET", path: template = "/" } = request.record;
  let resend = 0;
  return async (send) => {
    const running = watch.send({ method, template, base, resend: resend++ });
    const outcome = await send({ ...request, headers: withoutReplacing(running.headers, request.headers) });
    running.end(endOf(outcome));
    return outcome;
  };
}

/** The caller's headers, with those of `added` that have other names, in any case. */
function withoutReplacing(
  added: Readonly<Record<string, string>>,
  given: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const names = new Set(Object.keys(given).map((name) => name.toLowerCase()));
  return { ...Object.fromEntries(Object.entries(added).filter(([name]) => !names.has(name))), ...given };
}

/** The end for the watch. `failure` is a code of this project or of Node, never a text with a caller's values. */
function endOf(outcome: Outcome): WatchedEnd {
  if (outcome.kind === "answered") return { status: outcome.response.status };
  const status = "status" in outcome && outcome.status !== undefined ? { status: outcome.status } : {};
  if (outcome.kind !== "broken") return { ...status, failure: outcome.kind };
  return { ...status, failure: readNetworkFailure(outcome.error).code ?? "broken" };
}
