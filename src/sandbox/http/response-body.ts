/**
 * A reply as the body that goes out, in the shape its operation declares.
 */
import type { Reply } from "../behaviour/call.ts";
import type { ApiDocument, Operation } from "../shapes/document.ts";
import { fieldsOf } from "../shapes/schema.ts";
import { shapedAnswer, shapedPage } from "../shapes/shape.ts";
import { viewOfJson } from "../shapes/views.ts";

/** The JSON value to send; undefined for an empty body. A `raw` reply does not come through here. */
export function responseBody(
  { schemas }: ApiDocument,
  operation: Operation,
  reply: Exclude<Reply, { raw: unknown }>,
): unknown {
  const { answer, method } = operation;
  if (!answer) return undefined;
  if ("page" in reply) return shapedPage(schemas, answer, reply.page);
  const declaresNothing = fieldsOf(schemas.resolve(answer)) === undefined && schemas.variants(answer).length === 0;
  if (declaresNothing && ("done" in reply || method === "PUT" || method === "PATCH" || method === "DELETE")) return {};
  return shapedAnswer(schemas, answer, "done" in reply ? viewOfJson(operation.key, {}) : reply.one);
}
