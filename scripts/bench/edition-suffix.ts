/** The suffix of an edition's figures; empty for the main edition, whose ids existed before there were others. */
import { MAIN_EDITION, type EditionName } from "../../src/catalog/editions.ts";

export function suffixOf(edition: EditionName): string {
  return edition === MAIN_EDITION ? "" : `.${edition}`;
}
