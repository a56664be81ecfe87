/** Generates the types of the openapi-fetch client with openapi-typescript. */
import type { Document } from "../read/document.ts";

/**
 * `emptyObjectsUnknown`: an object without declared fields accepts any fields.
 * `defaultNonNullable: false`: a field with a default stays optional in a request.
 * Without these options, the request that creates a config does not type-check.
 */
export async function emitClientTypes(facts: Document): Promise<string> {
  const { default: openapiTS, astToString } = await import("openapi-typescript");
  const nodes = await openapiTS(structuredClone(facts) as never, {
    emptyObjectsUnknown: true,
    defaultNonNullable: false,
  });
  return astToString(nodes);
}
