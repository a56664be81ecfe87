/** The main edition's catalogue at once, for tests that need it while they are collected. */
import listed from "../generated/portkey/catalogue.json" with { type: "json" };
import manifest from "../generated/portkey/manifest.json" with { type: "json" };
import { createCatalogue, type Catalogue, type ListedTool } from "../src/catalog/lookup.ts";
import type { ToolRecord } from "../src/catalog/record.ts";

/** Every tool of the main edition; a new object on each call. */
export function loadCatalogue(): Catalogue {
  return createCatalogue(manifest as unknown as ToolRecord[], listed as unknown as ListedTool[]);
}
