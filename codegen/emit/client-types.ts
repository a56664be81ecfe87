/** The types of the openapi-fetch client, by openapi-typescript. */
import type { Document } from "../read/document.ts";

/**
 * `emptyObjectsUnknown`: an object without declared fields takes any.
 * `defaultNonNullable: false`: a field with a default may still be left out of a request.
 * Without both, a config's create does not typecheck.
 */
export async function emitClientTypes(facts: Document): Promise<string> {
  const { default: openapiTS, astToString } = await import("openapi-typescript");
  const nodes = await openapiTS(structuredClone(facts) as never, {
    emptyObjectsUnknown: true,
    defaultNonNullable: false,
  });
  return astToString(nodes);
}
