import { loadEdition } from "../catalog/editions.ts";
import type { Catalogue } from "../catalog/lookup.ts";
import { readEdition } from "./editions.ts";
import type { Source } from "./read-settings.ts";
import { SETTINGS } from "./settings.ts";

/** The catalogue of the edition that is asked for, and no other's; a mistake in its name is told by loadConfig. */
export function loadChosenEdition(source: Source): Promise<Catalogue> {
  return loadEdition(readEdition(SETTINGS.PORTKEY_EDITION, source));
}
