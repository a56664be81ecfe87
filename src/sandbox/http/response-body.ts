/**
 * Makes the body of a reply in the shape that its operation declares.
 */
import type { Reply } from "../behaviour/call.ts";
import type { ApiDocument, Operation } from "../shapes/document.ts";
import { declaredFields } from "../shapes/schema.ts";
import { shapeAnswer, shapePage } from "../shapes/shape.ts";
import { createJsonView } from "../shapes/views.ts";

/** The JSON value to send; undefined for an empty body. */
export function responseBody(
  { schemas }: ApiDocument,
  operation: Operation,
  reply: Exclude<Reply, { raw: unknown }>,
): unknown {
  const { answer, method } = operation;
  if (!answer) return undefined;
  if ("page" in reply) return shapePage(schemas, answer, reply.page);
  const declaresNothing =
    declaredFields(schemas.resolve(answer)) === undefined && schemas.variants(answer).length === 0;
  if (declaresNothing && ("done" in reply || method === "PUT" || method === "PATCH" || method === "DELETE")) return {};
  return shapeAnswer(schemas, answer, "done" in reply ? createJsonView(operation.key, {}) : reply.one);
}
