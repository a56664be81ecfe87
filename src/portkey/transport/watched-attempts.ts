/** The attempts at a request, each told to whoever follows the call, and sent with the headers of its trace. */
import type { RequestWatch, WatchedEnd } from "../port.ts";
import type { Outcome } from "./attempt.ts";
import type { OutgoingRequest } from "./client.ts";
import { readNetworkFailure } from "./network.ts";

/** Runs one attempt with the request as it is to be sent. */
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

/** What a caller gave stays, however its name is written. */
function withoutReplacing(
  added: Readonly<Record<string, string>>,
  given: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const names = new Set(Object.keys(given).map((name) => name.toLowerCase()));
  return { ...Object.fromEntries(Object.entries(added).filter(([name]) => !names.has(name))), ...given };
}

/** The kind of failure is a word of this project or of Node's, never a text. */
function endOf(outcome: Outcome): WatchedEnd {
  if (outcome.kind === "answered") return { status: outcome.response.status };
  const status = "status" in outcome && outcome.status !== undefined ? { status: outcome.status } : {};
  if (outcome.kind !== "broken") return { ...status, failure: outcome.kind };
  return { ...status, failure: readNetworkFailure(outcome.error).code ?? "broken" };
}
