/**
 * Reads a 2xx answer. Its body never makes it a failure: an empty body is an answer, and one that is no JSON is
 * returned as text. The exception is a web page, which only a proxy or a wrong address sends.
 */
import { htmlFailure } from "./failure.ts";
import { hideKeys } from "../keys/hide-keys.ts";
import type { FailedStep } from "./next-step.ts";
import type { Answer, Credentials } from "../port.ts";
import { readRequestId } from "./request-id.ts";
import type { HttpAnswer } from "../transport/pooled-fetch.ts";
import { BOUNDS, bytesInWords } from "../../errors/bounds.ts";
import { isDeeper, opensDeeper } from "../../errors/nesting.ts";
import { isHtml, parseJson } from "./upstream-error.ts";

/** The parts of an answer to read, and the secrets to keep out of messages about it. */
export interface AnswerParts {
  readonly text: string;
  /** `answerValue` of the text. */
  readonly value: unknown;
  readonly warnings: readonly string[];
  readonly credentials: Credentials;
  /** The call's keys and the secrets it sent, which no message may contain. */
  readonly secrets: () => readonly string[];
}

/** Reads the body and the ids; throws UNREACHABLE for a web page. */
export function readAnswer(call: FailedStep, response: HttpAnswer, parts: AnswerParts): Answer {
  const { text, value, warnings, credentials } = parts;
  const type = response.headers.get("content-type") ?? "";
  const unread = whyUnread(text, value);
  const parsed = unread === undefined ? value : undefined;
  // Express calls plain text text/html too, so the type alone is no proof of a page.
  if (parsed === undefined && unread === undefined && (isHtml(text) || (/\bhtml\b/i.test(type) && /^\s*</.test(text))))
    throw htmlFailure(call, response, text, parts.secrets());
  const empty = parsed === undefined && text.replace(/^\uFEFF/, "").trim() === "";
  const broken = parsed === undefined && !empty && /\bjson\b/i.test(type);
  const warning = unread ?? (broken ? "The API called its answer JSON, but it cannot be read as such" : undefined);
  const requestId = readRequestId(response);
  const traceId = response.headers.get("x-portkey-trace-id");
  return {
    status: response.status,
    body: parsed !== undefined || empty ? parsed : text,
    ...(parsed !== undefined && { json: text }),
    ...(requestId !== undefined && { requestId: hideKeys(credentials, requestId) }),
    ...(traceId !== null && { traceId: hideKeys(credentials, traceId) }),
    warnings: warning === undefined ? warnings : [...warnings, `${warning}; it is given as text`],
  };
}

/** The parsed JSON of an answer; undefined where it is no JSON, too large or obviously too deep. */
export function answerValue(text: string): unknown {
  return text.length > BOUNDS.parsedAnswer ? undefined : parseJson(text);
}

/** Why an answer is too large or too deep to be parsed; undefined where it is neither. */
function whyUnread(text: string, value: unknown): string | undefined {
  if (text.length > BOUNDS.parsedAnswer) return `The API's answer is larger than ${bytesInWords(BOUNDS.parsedAnswer)}`;
  const isDeep = value === undefined ? opensDeeper(text, BOUNDS.depth) : isDeeper(value, BOUNDS.depth);
  return isDeep ? `The API's answer is nested deeper than ${BOUNDS.depth} levels` : undefined;
}
