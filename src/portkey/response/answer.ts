/**
 * A 2xx answer, read. It is never turned into a failure, whatever its body: an empty one is an answer, and what is not
 * JSON comes back as text. The one exception is a web page, which only a proxy or a wrong address sends.
 */
import type { ToolRecord } from "../../catalog/record.ts";
import { htmlFailure } from "./failure.ts";
import type { Answer } from "../port.ts";
import { requestIdOf } from "./request-id.ts";
import type { HttpAnswer } from "../transport/pooled-fetch.ts";
import { BOUNDS, bytesInWords } from "../../errors/bounds.ts";
import { isDeeper } from "../../errors/nesting.ts";
import { isHtml, parseJson } from "./upstream-error.ts";

/** Reads the body and the ids; throws UNREACHABLE for a web page. */
export function readAnswer(
  record: ToolRecord,
  response: HttpAnswer,
  text: string,
  warnings: readonly string[],
): Answer {
  const type = response.headers.get("content-type") ?? "";
  const { parsed, unread } = readBody(text);
  // Express calls plain text text/html too, so the type alone is no proof of a page.
  if (parsed === undefined && unread === undefined && (isHtml(text) || (/\bhtml\b/i.test(type) && /^\s*</.test(text))))
    throw htmlFailure(record, response, text);
  const empty = text.replace(/^\uFEFF/, "").trim() === "";
  const broken = parsed === undefined && !empty && /\bjson\b/i.test(type);
  const warning = unread ?? (broken ? "Portkey called its answer JSON, but it cannot be read as such" : undefined);
  const requestId = requestIdOf(response);
  const traceId = response.headers.get("x-portkey-trace-id");
  return {
    status: response.status,
    body: parsed !== undefined || empty ? parsed : text,
    ...(parsed !== undefined && { json: text }),
    ...(requestId !== undefined && { requestId }),
    ...(traceId !== null && { traceId }),
    warnings: warning === undefined ? warnings : [...warnings, `${warning}; it is given as text`],
  };
}

/** The value of an answer's JSON. Where it is too large or too deep to be worked on, why it is not. */
function readBody(text: string): { readonly parsed?: unknown; readonly unread?: string } {
  if (text.length > BOUNDS.parsedAnswer)
    return { unread: `Portkey's answer is larger than ${bytesInWords(BOUNDS.parsedAnswer)}` };
  const parsed = parseJson(text);
  if (isDeeper(parsed, BOUNDS.depth))
    return { unread: `Portkey's answer is nested deeper than ${BOUNDS.depth} levels` };
  return { parsed };
}
