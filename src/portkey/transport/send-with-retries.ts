/** Sends one request: attempts, each within its time, with retries where they are safe. */
import type { Log } from "../../log/log.ts";
import { addressOf } from "../bases.ts";
import type { Bases, CallContext } from "../port.ts";
import { attempt, type Outcome } from "./attempt.ts";
import type { Client, OutgoingRequest } from "./client.ts";
import { withRetries, type Clock, type RetryResult } from "./retry.ts";
import { watchedAttempts } from "./watched-attempts.ts";

export interface SendParts {
  readonly client: Client;
  readonly bases: Bases;
  /** Milliseconds for one attempt, the reading of its answer included. */
  readonly timeoutMs: number;
  /** Attempts after the first. */
  readonly maxRetries: number;
  readonly log: Log;
  readonly clock: Clock;
}

/** What of a call its sending needs. */
export interface SendingContext extends Pick<CallContext, "signal" | "watch"> {
  /** The body of a 2xx is left to be read. */
  readonly unread: boolean;
}

/** Resolves with how the last attempt ended; a failure is an outcome, not an exception. */
export async function sendWithRetries(
  { client, bases, timeoutMs, maxRetries, log, clock }: SendParts,
  outgoing: OutgoingRequest,
  { signal, watch, unread }: SendingContext,
): Promise<RetryResult> {
  const { record } = outgoing;
  const runAttempt = watchedAttempts(watch, outgoing, addressOf(bases, record.base));
  const send = (request: OutgoingRequest): Promise<Outcome> =>
    attempt((own, onHeaders) => client.send(request, own, onHeaders, unread), signal, timeoutMs, unread);
  return withRetries(() => runAttempt(send), {
    idempotent: record.risk === "read" || record.idempotent,
    maxRetries,
    clock,
    signal,
    onRetry(attempts, waitMs, outcome) {
      const facts = { tool: record.name, attempts, waitMs, ...outcomeFacts(outcome) };
      log.write("warn", "retrying a request to Portkey", facts);
    },
  });
}

/** An outcome as the log says it. */
export function outcomeFacts(outcome: Outcome): Readonly<Record<string, unknown>> {
  const status = statusOf(outcome);
  return status === undefined ? { outcome: outcome.kind } : { outcome: outcome.kind, status };
}

function statusOf(outcome: Outcome): number | undefined {
  if (outcome.kind === "cancelled") return undefined;
  return outcome.kind === "answered" ? outcome.response.status : outcome.status;
}
