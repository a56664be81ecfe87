/** Sends one request in one or several attempts, each with a timeout, with retries where they are safe. */
import type { Log } from "../../log/log.ts";
import { baseAddress } from "../bases.ts";
import type { Bases, CallContext } from "../port.ts";
import { attempt, type Outcome } from "./attempt.ts";
import type { Client, OutgoingRequest } from "./client.ts";
import { withRetries, type Clock, type RetryResult } from "./retry.ts";
import { watchedAttempts } from "./watched-attempts.ts";

export interface SendParts {
  readonly client: Client;
  readonly bases: Bases;
  /** Milliseconds for one attempt, including reading its answer. */
  readonly timeoutMs: number;
  /** Attempts after the first. */
  readonly maxRetries: number;
  readonly log: Log;
  readonly clock: Clock;
}

/** The part of a call's context that sending needs. */
export interface SendingContext extends Pick<CallContext, "signal" | "watch"> {
  /** Whether the body of a 2xx is left unread. */
  readonly unread: boolean;
}

/** Resolves with the outcome of the last attempt; a failure is an outcome too, and does not throw. */
export async function sendWithRetries(
  { client, bases, timeoutMs, maxRetries, log, clock }: SendParts,
  outgoing: OutgoingRequest,
  { signal, watch, unread }: SendingContext,
): Promise<RetryResult> {
  const { record } = outgoing;
  const runAttempt = watchedAttempts(watch, outgoing, baseAddress(bases, record.base));
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

/** The facts of an outcome for the log. */
export function outcomeFacts(outcome: Outcome): Readonly<Record<string, unknown>> {
  const status = statusOf(outcome);
  return status === undefined ? { outcome: outcome.kind } : { outcome: outcome.kind, status };
}

function statusOf(outcome: Outcome): number | undefined {
  if (outcome.kind === "cancelled") return undefined;
  return outcome.kind === "answered" ? outcome.response.status : outcome.status;
}
