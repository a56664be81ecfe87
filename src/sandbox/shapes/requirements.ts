/**
 * Checks that a request has the parameters and fields that the document requires.
 */
import { isObject } from "../../catalog/json.ts";
import { ApiError } from "../http/api-error.ts";
import type { ApiDocument, Operation } from "./document.ts";
import type { Schema } from "./schema.ts";

/** Throws 400 with the first missing one. */
export function checkRequired(
  document: ApiDocument,
  operation: Operation,
  query: Readonly<Record<string, string>>,
  body: unknown,
): void {
  for (const name of operation.requiredQuery) {
    if (query[name] === undefined) throw new ApiError(400, `The query parameter ${name} is required.`);
  }
  if (!operation.body) return;
  if (body === undefined && !operation.bodyRequired) return;
  const missing = findMissing(document, operation.body, body ?? {});
  if (missing !== undefined) throw new ApiError(400, `${missing} is required.`);
}

/** The first required field that a body lacks. Of alternatives, one must be complete. */
function findMissing(document: ApiDocument, schema: Schema, body: unknown): string | undefined {
  const flat = document.schemas.resolve(schema);
  if (Array.isArray(body)) return undefined;
  if (!isObject(body)) return "A JSON object as the body";
  const missing = flat.required?.find((name) => body[name] === undefined);
  if (missing !== undefined) return missing;
  const lacking = document.schemas.variants(flat).map((variant) => findMissing(document, variant, body));
  return lacking.length > 0 && lacking.every((entry) => entry !== undefined) ? lacking[0] : undefined;
}
