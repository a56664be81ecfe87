/** Makes the error for a status of 400 and above: Portkey's words, their meaning, what the tool needs, what to do. */
import type { KeyKind, ToolRecord } from "../../catalog/record.ts";
import { clip } from "../../errors/clip.ts";
import { PortkeyMcpError } from "../../errors/errors.ts";
import { wordOrQuoted } from "../../errors/foreign-text.ts";
import type { ChosenKey } from "../keys/take-key.ts";
import { PORTKEY } from "../product.ts";
import type { Outcome } from "../transport/attempt.ts";
import type { RetryResult } from "../transport/retry.ts";
import { findMeaning } from "./error-codes.ts";
import { attemptsText, quoteId, outcomeText, maskForeign, quoteMessage, type FailedCall } from "./failed-call.ts";
import { nextStep } from "./next-step.ts";
import { readRequestId } from "./request-id.ts";
import { scopesText } from "./scopes-text.ts";
import { readUpstreamError, type UpstreamError } from "./upstream-error.ts";

const NEEDED_KEY: Readonly<Record<KeyKind, string>> = {
  any: "a workspace or admin key",
  workspace: "a workspace key (PORTKEY_API_KEY)",
  admin: "an admin key (PORTKEY_ADMIN_API_KEY)",
  token: "a token of a service account with a role for it",
  none: "no key",
};

/** Portkey's error, made safe to quote. */
interface Refusal {
  readonly status: number;
  /** Portkey's unmasked error, to decide by; not to be quoted. */
  readonly upstream: UpstreamError;
  readonly message: string | undefined;
  readonly errorCode: string | undefined;
  readonly param: string | undefined;
  readonly requestId: string | undefined;
}

export function refusedError(
  call: FailedCall,
  result: RetryResult,
  { response, text }: Extract<Outcome, { kind: "answered" }>,
): PortkeyMcpError {
  const { record, key } = call;
  const { status } = response;
  const upstream = readUpstreamError(text);
  const mask = (words: string | undefined) => (words === undefined ? undefined : maskForeign(call, words));
  const refusal: Refusal = {
    status,
    upstream,
    message: upstream.message === undefined ? undefined : quoteMessage(call, upstream.message),
    errorCode: mask(upstream.errorCode),
    param: mask(upstream.param),
    requestId: quoteId(call, readRequestId(response)),
  };
  const { message, errorCode, requestId } = refusal;
  return new PortkeyMcpError("PORTKEY", refusalSentences(call, result, refusal).filter(Boolean).join(" "), {
    tool: record.name,
    status,
    errorCode: errorCode === undefined ? undefined : clip(errorCode, 60),
    requestId,
    traceId: quoteId(call, response.headers.get("x-portkey-trace-id") ?? undefined),
    upstreamMessage: message,
    attempts: result.attempts,
    ...(isAccess(status) && { scopes: record.scopes, key: record.key, keyUsed: key.kind }),
  });
}

/** The error's sentences in order; one that does not apply is empty. */
function refusalSentences(call: FailedCall, result: RetryResult, refusal: Refusal): string[] {
  const { record, key, product = PORTKEY } = call;
  const { status, upstream, param, requestId } = refusal;
  const { meaning, next, status: usualStatus } = findMeaning(status, upstream.errorCode, product);
  const mayHaveRun = status >= 500 || status === 408;
  return [
    answeredText(call, result, refusal),
    upstream.html
      ? `A web page, not ${product.name}'s API, said so: a proxy stands in between, or ${product.base} is wrong.`
      : meaning,
    param === undefined ? "" : `It names the parameter ${wordOrQuoted(param, 80)}.`,
    ...(isAccess(status) ? neededAccess(record, key, status) : []),
    ...(status === 404 ? usedKey(key) : []),
    mayHaveRun ? outcomeText(call) : "",
    ...hints(call, status, result),
    nextStep(usualStatus, { ...call, param: upstream.param }) ?? next,
    requestId === undefined ? "" : `Request id ${wordOrQuoted(requestId, 100)}.`,
  ];
}

function answeredText(
  { record, product = PORTKEY }: FailedCall,
  { attempts }: RetryResult,
  { status, errorCode, message }: Refusal,
): string {
  const code = errorCode === undefined ? "" : ` ${wordOrQuoted(errorCode, 60)}`;
  const quote = message === undefined ? "" : `: ${JSON.stringify(message)}`;
  return `${record.name}: ${product.name} answered ${status}${code}${attemptsText(attempts)}${quote}.`;
}

function isAccess(status: number): boolean {
  return status === 401 || status === 403;
}

function neededAccess(record: ToolRecord, key: ChosenKey, status: number): string[] {
  const scopes = record.scopes === "" ? "" : ` with the scope ${scopesText(record.scopes)}`;
  const needs = `${record.name} needs ${NEEDED_KEY[record.key]}${scopes}.`;
  if (key.kind === "none") return [needs];
  const because = key.standIn ? `there is no ${record.key} key` : key.because;
  return [needs, `The ${key.kind} key was sent, because ${because}.`, status === 403 ? key.other : ""];
}

/** Which key was used, where the other one may reach the object. */
function usedKey(key: ChosenKey): string[] {
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
      `${record.name} rests on ${product.name}'s documentation, not on its API document: this deployment ` +
        `may not offer it.`,
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
