/** What figures of an edition are told apart by: nothing for the main one's, whose ids are older than the others. */
import { MAIN_EDITION, type EditionName } from "../../src/catalog/editions.ts";

export function suffixOf(edition: EditionName): string {
  return edition === MAIN_EDITION ? "" : `.${edition}`;
}
