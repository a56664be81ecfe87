/**
 * Makes the errors of calls that failed after they were sent: what happened, what it means, what the tool needs, what
 * to do. Portkey's words are quoted, cut, and stripped of the caller's keys.
 */
import { findReader } from "../../catalog/readers.ts";
import { bytesInWords } from "../../errors/bounds.ts";
import { PortkeyMcpError } from "../../errors/errors.ts";
import { quoteForeign } from "../../errors/foreign-text.ts";
import { PORTKEY } from "../product.ts";
import type { Outcome } from "../transport/attempt.ts";
import { AnswerTooLarge } from "../transport/collect-body.ts";
import { readNetworkFailure } from "../transport/network.ts";
import type { HttpAnswer } from "../transport/pooled-fetch.ts";
import type { RetryResult } from "../transport/retry.ts";
import { attemptsText, quoteId, outcomeText, maskForeign, type FailedCall } from "./failed-call.ts";
import type { FailedStep } from "./next-step.ts";
import { refusedError } from "./refusal.ts";
import { readRequestId } from "./request-id.ts";
import { readUpstreamError } from "./upstream-error.ts";

/** The error for a call whose last attempt did not end with a 2xx. */
export function createFailure(call: FailedCall, result: RetryResult): PortkeyMcpError {
  const { outcome } = result;
  switch (outcome.kind) {
    case "cancelled":
      return new PortkeyMcpError("CANCELLED", `${call.record.name} was cancelled. ${outcomeText(call)}`, {
        tool: call.record.name,
      });
    case "timeout":
      return unreachableError(call, result, {
        reason: `no complete answer came within ${call.timeoutMs} ms (PORTKEY_TIMEOUT_MS)`,
        then: outcomeText(call),
      });
    case "broken":
      return brokenError(call, result, outcome);
    case "answered":
      return outcome.response.status < 400
        ? redirectError(call, result, outcome.response)
        : refusedError(call, result, outcome);
  }
}

/** The error for a 2xx answer that is a web page. */
export function htmlFailure(
  call: FailedStep,
  response: HttpAnswer,
  text: string,
  secrets: readonly string[],
): PortkeyMcpError {
  const { record, product = PORTKEY } = call;
  const { status } = response;
  const { message } = readUpstreamError(text);
  const title = message ? ` titled ${quoteForeign(maskForeign({ secrets }, message), 100)}` : "";
  const sentences = [
    `${record.name}: a web page${title} answered instead of ${product.name}'s API (status ${status}).`,
    `A proxy or a login page stands in between, or ${product.base} is wrong.`,
    ...(record.risk === "read" ? [] : [outcomeText(call)]),
  ];
  return new PortkeyMcpError("UNREACHABLE", sentences.join(" "), {
    tool: record.name,
    status,
    requestId: quoteId({ secrets }, readRequestId(response)),
  });
}

function brokenError(
  call: FailedCall,
  result: RetryResult,
  outcome: Extract<Outcome, { kind: "broken" }>,
): PortkeyMcpError {
  if (outcome.error instanceof AnswerTooLarge) return tooLargeError(call, result, outcome.error, outcome.status);
  const { base } = call.product ?? PORTKEY;
  const { reason, notSent, todo = `Check ${base} and the network.` } = readNetworkFailure(outcome.error);
  const midway = outcome.status === undefined ? "" : ` in the middle of its answer (status ${outcome.status})`;
  return unreachableError(call, result, {
    reason: reason + midway,
    then: notSent ? `Nothing was done. ${todo} Then call ${call.record.name} again.` : outcomeText(call),
    details: { status: outcome.status, notSent },
    cause: outcome.error,
  });
}

/** The status is known and only the body was not read, so the error says whether the call was done. */
function tooLargeError(
  { record, records, mayRead, product = PORTKEY }: FailedCall,
  { attempts }: RetryResult,
  { bytes }: AnswerTooLarge,
  status: number | undefined,
): PortkeyMcpError {
  const reader = findReader(records, record, mayRead)?.name;
  const bound = `larger than ${bytesInWords(bytes)}, the most that is read of one`;
  const sentences = [
    `${record.name}: ${product.name} answered ${status ?? "a success"}, with an answer that is ${bound}, ` +
      `so it was not read.`,
    record.risk === "read"
      ? "Ask for less: a smaller page_size or days, or more filters, where the tool has them."
      : `It was done; do not repeat it. Read the object${reader === undefined ? "" : ` with ${reader}`} to see what ` +
        "became of it.",
  ];
  return new PortkeyMcpError("UNREACHABLE", sentences.join(" "), { tool: record.name, attempts, status });
}

function redirectError(call: FailedCall, result: RetryResult, response: HttpAnswer): PortkeyMcpError {
  const { base } = call.product ?? PORTKEY;
  const location = response.headers.get("location");
  const isValid = location !== null && URL.canParse(location, call.origin);
  const target = isValid ? new URL(location, call.origin).origin : "nowhere";
  return unreachableError(call, result, {
    reason: `it answered ${response.status} and points to ${maskForeign(call, target)}`,
    then:
      `Redirects are not followed, because the key would go along: set ${base} to the API's own address, ` +
      `then call ${call.record.name} again.`,
    details: { status: response.status },
  });
}

/** Why there is no usable answer, and what the caller should do. */
interface NoAnswer {
  readonly reason: string;
  readonly then: string;
  readonly details?: { readonly status?: number | undefined; readonly notSent?: boolean };
  readonly cause?: unknown;
}

function unreachableError(
  { record, origin }: FailedCall,
  { attempts }: RetryResult,
  { reason, then, details, cause }: NoAnswer,
): PortkeyMcpError {
  return new PortkeyMcpError(
    "UNREACHABLE",
    `${record.name}: no usable answer from ${origin}: ${reason}${attemptsText(attempts)}. ${then}`,
    { tool: record.name, attempts, ...details },
    { cause },
  );
}
