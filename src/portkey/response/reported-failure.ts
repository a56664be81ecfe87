/** A 2xx answer whose body says `success: false`: Portkey did not do what was asked, whatever its status says. */
import { isObject } from "../../catalog/json.ts";
import { PortkeyMcpError } from "../../errors/errors.ts";
import { PORTKEY } from "../product.ts";
import type { Outcome } from "../transport/attempt.ts";
import { idFor, outcomeOf, quotedMessage, type FailedCall } from "./failed-call.ts";
import { requestIdOf } from "./request-id.ts";
import { readUpstreamError } from "./upstream-error.ts";

/** Whether the value of an answer says so. */
export function saysFailure(body: unknown): boolean {
  return isObject(body) && body["success"] === false;
}

/** The error, with what Portkey said. */
export function saidFailure(
  call: FailedCall,
  { response, text }: Extract<Outcome, { kind: "answered" }>,
): PortkeyMcpError {
  const { record, product = PORTKEY } = call;
  const { status } = response;
  const error = readUpstreamError(text);
  const message = error.message === undefined ? undefined : quotedMessage(call, error.message);
  const sentences = [
    `${record.name}: ${product.name} answered ${status}, but its answer says that it did not succeed (success: false).`,
    message === undefined ? "" : `It says: ${JSON.stringify(message)}.`,
    outcomeOf(call),
  ];
  return new PortkeyMcpError("PORTKEY", sentences.filter(Boolean).join(" "), {
    tool: record.name,
    status,
    errorCode: idFor(call, error.errorCode),
    requestId: idFor(call, requestIdOf(response)),
    traceId: idFor(call, response.headers.get("x-portkey-trace-id") ?? undefined),
    upstreamMessage: message,
  });
}
