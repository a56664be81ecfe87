/** Sends a call. Returns Portkey's answer where the call succeeded, else throws an error that describes the failure. */
import { setImmediate } from "node:timers/promises";
import type { ToolRecord } from "../catalog/record.ts";
import { findSecrets } from "../log/mask.ts";
import { baseAddress } from "./bases.ts";
import { credentialSecrets } from "./credentials.ts";
import type { KeyFor } from "./keys/choose-key.ts";
import type { PortkeyCall } from "./port.ts";
import type { PrepareCall } from "./prepare-call.ts";
import type { Product } from "./product.ts";
import { badInput } from "./request/problem.ts";
import { answerValue, type AnswerParts } from "./response/answer.ts";
import { createFailure } from "./response/failure.ts";
import type { FailedStep } from "./response/next-step.ts";
import { createReportedFailure, reportsFailure } from "./response/reported-failure.ts";
import { sendProven } from "./tokens/send-proven.ts";
import type { TokenService } from "./tokens/token-service.ts";
import type { HttpAnswer } from "./transport/pooled-fetch.ts";
import type { RetryResult } from "./transport/retry.ts";
import { outcomeFacts, sendWithRetries, type SendParts } from "./transport/send-with-retries.ts";

export interface SendCallParts extends SendParts {
  readonly prepare: PrepareCall;
  readonly tokens: TokenService;
  /** The catalogue's records: errors name other tools as a next step. */
  readonly records: readonly ToolRecord[];
  /** The names of the API and its settings in messages. */
  readonly product: Product;
}

/** A call that succeeded, with its answer not interpreted yet. */
export interface SentCall {
  readonly response: HttpAnswer;
  readonly parts: AnswerParts;
  readonly used: KeyFor;
  readonly step: FailedStep;
}

/** With `unread`, the body of a 2xx answer is not read. Throws as `Portkey.send` does. */
export type SendCall = (call: PortkeyCall, unread: boolean) => Promise<SentCall>;

export function createSendCall(parts: SendCallParts): SendCall {
  const { prepare, tokens, records, clock, timeoutMs, product } = parts;
  return async (call, unread) => {
    const { record, context } = call;
    const { parsed, outgoing, used, warnings } = await prepare(call);
    if (parsed.dryRun) throw badInput(record.name, [{ path: "dry_run", text: "asks that nothing be sent" }]);
    const started = clock.now();
    const sending = { signal: context.signal, watch: context.watch, unread };
    const { access, result } = await sendProven(tokens, {
      key: used.key,
      signal: context.signal,
      run: (headers) => sendWithRetries(parts, { ...outgoing, access: headers }, sending),
    });
    logSent(parts, record, result, started);

    const { outcome } = result;
    const isOk = outcome.kind === "answered" && outcome.response.ok;
    const value = isOk && !unread ? answerValue(outcome.text) : undefined;
    const step = { record, records, values: parsed.values, mayRead: context.mayRead ?? (() => true), product };
    const { credentials } = context;
    // Portkey, or a proxy before it, may quote the request in an error.
    const secrets = () => [...credentialSecrets(credentials), ...access.secrets, ...findSecrets(outgoing.bound)];
    if (isOk && !reportsFailure(value)) {
      return {
        response: outcome.response,
        parts: { text: outcome.text, value, warnings, credentials, secrets },
        used,
        step,
      };
    }
    const { origin } = new URL(baseAddress(parts.bases, record.base));
    await setImmediate();
    const failed = { ...step, key: used.key, secrets: secrets(), origin, timeoutMs };
    throw isOk ? createReportedFailure(failed, outcome) : createFailure(failed, result);
  };
}

function logSent({ log, clock }: SendCallParts, record: ToolRecord, result: RetryResult, started: number): void {
  log.write("debug", "request to Portkey", {
    tool: record.name,
    method: record.method,
    path: record.path,
    attempts: result.attempts,
    ms: clock.now() - started,
    ...outcomeFacts(result.outcome),
  });
}
