import { loadEdition } from "../catalog/editions.ts";
import type { Catalogue } from "../catalog/lookup.ts";
import { readEdition } from "./editions.ts";
import type { Source } from "./read-settings.ts";
import { SETTINGS } from "./settings.ts";

/** Loads the catalogue of the edition that the settings name, and no other. loadConfig reports an invalid name. */
export function loadChosenEdition(source: Source): Promise<Catalogue> {
  return loadEdition(readEdition(SETTINGS.PORTKEY_EDITION, source));
}
