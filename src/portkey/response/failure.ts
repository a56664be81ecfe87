/**
 * The errors of calls that failed after they were sent: what happened, what it means, what the tool needs, what to do.
 * Whatever Portkey said is quoted, clipped, and stripped of the caller's keys.
 */
import type { KeyKind, ToolRecord } from "../../catalog/record.ts";
import { readerOf } from "../../catalog/readers.ts";
import { BOUNDS, bytesInWords } from "../../errors/bounds.ts";
import { clip } from "../../errors/clip.ts";
import { cut } from "../../errors/cut.ts";
import { PortkeyMcpError } from "../../errors/errors.ts";
import { oneLine, quoteForeign, wordOrQuoted } from "../../errors/foreign-text.ts";
import { maskQuotation } from "../../log/mask.ts";
import type { Outcome } from "../transport/attempt.ts";
import { meaningOf } from "./error-codes.ts";
import { nextStep, type FailedStep } from "./next-step.ts";
import { scopesText } from "./scopes-text.ts";
import { whatHappened } from "./what-happened.ts";
import { PORTKEY } from "../product.ts";
import type { ChosenKey } from "../keys/take-key.ts";
import { AnswerTooLarge } from "../transport/collect-body.ts";
import { readNetworkFailure } from "../transport/network.ts";
import { requestIdOf } from "./request-id.ts";
import type { RetryResult } from "../transport/retry.ts";
import type { HttpAnswer } from "../transport/pooled-fetch.ts";
import { readUpstreamError } from "./upstream-error.ts";

/** What an error needs to know about the call. */
export interface FailedCall extends FailedStep {
  readonly key: ChosenKey;
  /** The caller's keys and the secrets it sent, which no message may contain. */
  readonly secrets: readonly string[];
  readonly origin: string;
  readonly timeoutMs: number;
}

const QUOTED = 500;
/** Of a longer message, no more can be quoted, so no more is looked through for secrets. */
const READ = 10_000;
const NEEDED_KEY: Readonly<Record<KeyKind, string>> = {
  any: "a workspace or admin key",
  workspace: "a workspace key (PORTKEY_API_KEY)",
  admin: "an admin key (PORTKEY_ADMIN_API_KEY)",
  token: "a token of a service account with a role for it",
  none: "no key",
};

/** The error for a call whose last attempt was not a 2xx. */
export function failureOf(call: FailedCall, result: RetryResult): PortkeyMcpError {
  const { outcome } = result;
  switch (outcome.kind) {
    case "cancelled":
      return new PortkeyMcpError("CANCELLED", `${call.record.name} was cancelled. ${outcomeOf(call)}`, {
        tool: call.record.name,
      });
    case "timeout":
      return unreachableError(
        call,
        result,
        `no complete answer came within ${call.timeoutMs} ms (PORTKEY_TIMEOUT_MS)`,
        outcomeOf(call),
      );
    case "broken":
      return brokenError(call, result, outcome);
    case "answered":
      return outcome.response.status < 400
        ? redirectError(call, result, outcome.response)
        : refusedError(call, result, outcome);
  }
}

/** A web page came with a 2xx. */
export function htmlFailure(
  call: FailedStep,
  response: HttpAnswer,
  text: string,
  secrets: readonly string[],
): PortkeyMcpError {
  const { record, product = PORTKEY } = call;
  const { status } = response;
  const { message } = readUpstreamError(text);
  const title = message ? ` titled ${quoteForeign(quotable({ secrets }, message), 100)}` : "";
  const sentences = [
    `${record.name}: a web page${title} answered instead of ${product.name}'s API (status ${status}).`,
    `A proxy or a login page stands in between, or ${product.base} is wrong.`,
    ...(record.risk === "read" ? [] : [outcomeOf(call)]),
  ];
  return new PortkeyMcpError("UNREACHABLE", sentences.join(" "), {
    tool: record.name,
    status,
    requestId: idFor({ secrets }, requestIdOf(response)),
  });
}

/** What may have become of the call, and the tool that shows it. */
export function outcomeOf({ record, records, mayRead }: FailedStep): string {
  return whatHappened(record, record.risk === "read" ? undefined : readerOf(records, record, mayRead)?.name);
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
  const then = notSent ? `Nothing was done. ${todo} Then call ${call.record.name} again.` : outcomeOf(call);
  return unreachableError(call, result, reason + midway, then, {
    status: outcome.status,
    notSent,
    cause: outcome.error,
  });
}

/** The answer's head said what became of the call, so only what it answered is missing. */
function tooLargeError(
  { record, records, mayRead, product = PORTKEY }: FailedCall,
  { attempts }: RetryResult,
  { bytes }: AnswerTooLarge,
  status: number | undefined,
): PortkeyMcpError {
  const reader = readerOf(records, record, mayRead)?.name;
  const bound = `larger than ${bytesInWords(bytes)}, the most that is read of one`;
  const sentences = [
    `${record.name}: ${product.name} answered ${status ?? "a success"}, with an answer that is ${bound}, so it was not read.`,
    record.risk === "read"
      ? "Ask for less: a smaller page_size or days, or more filters, where the tool has them."
      : `It was done; do not repeat it. Read the object${reader === undefined ? "" : ` with ${reader}`} to see what became of it.`,
  ];
  return new PortkeyMcpError("UNREACHABLE", sentences.join(" "), { tool: record.name, attempts, status });
}

function redirectError(call: FailedCall, result: RetryResult, response: HttpAnswer): PortkeyMcpError {
  const location = response.headers.get("location");
  const target =
    location !== null && URL.canParse(location, call.origin) ? new URL(location, call.origin).origin : "nowhere";
  return unreachableError(
    call,
    result,
    `it answered ${response.status} and points to ${quotable(call, target)}`,
    `Redirects are not followed, because the key would go along: set ${call.product?.base ?? PORTKEY.base} to the API's own address, ` +
      `then call ${call.record.name} again.`,
    { status: response.status },
  );
}

function unreachableError(
  { record, origin }: FailedCall,
  { attempts }: RetryResult,
  reason: string,
  then: string,
  more: { status?: number | undefined; notSent?: boolean; cause?: unknown } = {},
): PortkeyMcpError {
  const { cause, ...details } = more;
  return new PortkeyMcpError(
    "UNREACHABLE",
    `${record.name}: no usable answer from ${origin}: ${reason}${attemptsText(attempts)}. ${then}`,
    { tool: record.name, attempts, ...details },
    { cause },
  );
}

function refusedError(
  call: FailedCall,
  result: RetryResult,
  { response, text }: Extract<Outcome, { kind: "answered" }>,
): PortkeyMcpError {
  const { record, key, product = PORTKEY } = call;
  const { status } = response;
  const error = readUpstreamError(text);
  const { meaning, next, status: means } = meaningOf(status, error.errorCode, product);
  const known = (words: string | undefined) => (words === undefined ? undefined : quotable(call, words));
  const requestId = idFor(call, requestIdOf(response));
  const message = error.message === undefined ? undefined : quotedMessage(call, error.message);
  const errorCode = known(error.errorCode);
  const param = known(error.param);
  const code = errorCode === undefined ? "" : ` ${wordOrQuoted(errorCode, 60)}`;
  const quote = message === undefined ? "" : `: ${JSON.stringify(message)}`;
  const isAccess = status === 401 || status === 403;
  const mayHaveRun = status >= 500 || status === 408;
  const sentences = [
    `${record.name}: ${product.name} answered ${status}${code}${attemptsText(result.attempts)}${quote}.`,
    error.html
      ? `A web page, not ${product.name}'s API, said so: a proxy stands in between, or ${product.base} is wrong.`
      : meaning,
    ...(param === undefined ? [] : [`It names the parameter ${wordOrQuoted(param, 80)}.`]),
    ...(isAccess ? neededAccess(record, key, status) : []),
    ...(status === 404 ? lookedIn(key) : []),
    ...(mayHaveRun ? [outcomeOf(call)] : []),
    ...hints(call, status, result),
    nextStep(means, { ...call, param: error.param }) ?? next,
    ...(requestId === undefined ? [] : [`Request id ${wordOrQuoted(requestId, 100)}.`]),
  ];
  return new PortkeyMcpError("PORTKEY", sentences.filter(Boolean).join(" "), {
    tool: record.name,
    status,
    errorCode: clipped(errorCode, 60),
    requestId,
    traceId: idFor(call, response.headers.get("x-portkey-trace-id") ?? undefined),
    upstreamMessage: message,
    attempts: result.attempts,
    ...(isAccess && { scopes: record.scopes, key: record.key, keyUsed: key.kind }),
  });
}

function neededAccess(record: ToolRecord, key: ChosenKey, status: number): string[] {
  const scopes = record.scopes === "" ? "" : ` with the scope ${scopesText(record.scopes)}`;
  const needs = `${record.name} needs ${NEEDED_KEY[record.key]}${scopes}.`;
  if (key.kind === "none") return [needs];
  const because = key.standIn ? `there is no ${record.key} key` : key.because;
  return [needs, `The ${key.kind} key was sent, because ${because}.`, status === 403 ? key.other : ""];
}

/** Where it was looked for, when there is another place to look. */
function lookedIn(key: ChosenKey): string[] {
  return key.both && key.other !== "" ? [`The ${key.kind} key was sent, because ${key.because}.`, key.other] : [];
}

function hints(
  { record, product = PORTKEY }: FailedCall,
  status: number,
  { uncertain, tooLongMs }: RetryResult,
): string[] {
  const hints: string[] = [];
  if (status === 404 && record.source === "documented") {
    hints.push(
      `${record.name} rests on ${product.name}'s documentation, not on its API document: this deployment may not offer it.`,
    );
  }
  if (status === 404 && record.method === "DELETE" && uncertain) {
    hints.push("An earlier attempt ended without an answer and may have deleted it.");
  }
  if (status === 409 && uncertain) hints.push("An earlier attempt ended without an answer and may have done it.");
  if (tooLongMs !== undefined) {
    const seconds = Math.ceil(tooLongMs / 1000);
    hints.push(
      `${product.name} asks to wait ${seconds} s, longer than this server waits by itself: call again after that.`,
    );
  }
  return hints;
}

/** Portkey's words, without the caller's secrets, cut to what an error quotes of them. */
export function quotedMessage(call: Secrets, message: string): string {
  return oneLine(quotable(call, message), QUOTED);
}

/** Somebody else's id, as an error's details name it. */
export function idFor(call: Secrets, id: string | undefined): string | undefined {
  return id === undefined ? undefined : clip(quotable(call, id), BOUNDS.echo);
}

type Secrets = Pick<FailedCall, "secrets">;

/** The beginning of somebody else's words, without the call's secrets. */
function quotable({ secrets }: Secrets, words: string): string {
  return maskQuotation(cut(words, 0, READ), secrets);
}

function attemptsText(attempts: number): string {
  return attempts === 1 ? "" : ` after ${attempts} attempts`;
}

function clipped(text: string | undefined, length: number): string | undefined {
  return text === undefined ? undefined : clip(text, length);
}
