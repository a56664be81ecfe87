/**
 * The main edition's catalogue, at once. JSON modules, so that a bundle carries them along.
 */
import listed from "../../generated/portkey/catalogue.json" with { type: "json" };
import manifest from "../../generated/portkey/manifest.json" with { type: "json" };
import type { Catalogue, ListedTool } from "./lookup.ts";
import { createCatalogue } from "./lookup.ts";
import type { ToolRecord } from "./record.ts";

export { loadAnswers, loadGuardrailChecks, loadSchemas } from "./editions.ts";

/** Every tool of the main edition; a new object on each call. */
export function loadCatalogue(): Catalogue {
  return createCatalogue(manifest as unknown as ToolRecord[], listed as unknown as ListedTool[]);
}
