/**
 * What a request must carry before anything is done with it: the parameters and fields the document requires.
 */
import { isObject } from "../../catalog/json.ts";
import { ApiError } from "../http/api-error.ts";
import type { ApiDocument, Operation } from "./document.ts";
import type { Schema } from "./schema.ts";

/** 400 with the first thing that is missing. */
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
  const missing = missingFrom(document, operation.body, body ?? {});
  if (missing !== undefined) throw new ApiError(400, `${missing} is required.`);
}

/** The first required field a body lacks. Where there are alternatives, one that is whole is enough. */
function missingFrom(document: ApiDocument, schema: Schema, body: unknown): string | undefined {
  const flat = document.schemas.resolve(schema);
  if (Array.isArray(body)) return undefined;
  if (!isObject(body)) return "A JSON object as the body";
  const missing = flat.required?.find((name) => body[name] === undefined);
  if (missing !== undefined) return missing;
  const lacking = document.schemas.variants(flat).map((variant) => missingFrom(document, variant, body));
  return lacking.length > 0 && lacking.every((each) => each !== undefined) ? lacking[0] : undefined;
}
