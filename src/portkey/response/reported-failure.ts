/** Handles 2xx answers whose body says `success: false`: the call failed in spite of its status. */
import { isObject } from "../../catalog/json.ts";
import { PortkeyMcpError } from "../../errors/errors.ts";
import { PORTKEY } from "../product.ts";
import type { Outcome } from "../transport/attempt.ts";
import { quoteId, outcomeText, quoteMessage, type FailedCall } from "./failed-call.ts";
import { readRequestId } from "./request-id.ts";
import { readUpstreamError } from "./upstream-error.ts";

/** Whether the body of an answer reports a failure. */
export function reportsFailure(body: unknown): boolean {
  return isObject(body) && body["success"] === false;
}

/** The error for such an answer, with Portkey's message. */
export function createReportedFailure(
  call: FailedCall,
  { response, text }: Extract<Outcome, { kind: "answered" }>,
): PortkeyMcpError {
  const { record, product = PORTKEY } = call;
  const { status } = response;
  const error = readUpstreamError(text);
  const message = error.message === undefined ? undefined : quoteMessage(call, error.message);
  const sentences = [
    `${record.name}: ${product.name} answered ${status}, but its answer says that it did not succeed (success: false).`,
    message === undefined ? "" : `It says: ${JSON.stringify(message)}.`,
    outcomeText(call),
  ];
  return new PortkeyMcpError("PORTKEY", sentences.filter(Boolean).join(" "), {
    tool: record.name,
    status,
    errorCode: quoteId(call, error.errorCode),
    requestId: quoteId(call, readRequestId(response)),
    traceId: quoteId(call, response.headers.get("x-portkey-trace-id") ?? undefined),
    upstreamMessage: message,
  });
}
