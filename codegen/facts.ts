/** The pipeline's first half: Portkey's document in, the project's facts out. Pure: the caller reads and writes. */
import type { Document } from "./read/document.ts";
import { hoistInlineSchemas, sortDocument } from "./read/hoist.ts";
import { applyOverlay, type Corrected, type Overlay } from "./read/overlay.ts";
import {
  addDrafts,
  dropUnreachedComponents,
  normaliseServers,
  selectOperations,
  type Selection,
} from "./read/select.ts";
import { stripProse } from "./read/strip-prose.ts";

export interface FactsInput {
  readonly document: Document;
  readonly drafts: Document;
  readonly overlay: Overlay;
  readonly selection: Selection;
  /** Keep upstream's descriptions: for a private fork that may publish them. */
  readonly keepProse: boolean;
}

/** Selects, strips, corrects, hoists and orders. The result depends on nothing but the input. */
export async function factsOf(input: FactsInput): Promise<Corrected> {
  const selected = addDrafts(selectOperations(input.document, input.selection), input.drafts);
  const bare = input.keepProse ? selected : stripProse(selected);
  const { document, notApplicable } = await applyOverlay(bare, input.overlay);
  const complete = hoistInlineSchemas(dropUnreachedComponents(normaliseServers(document, input.selection)));
  return { document: sortDocument(complete), notApplicable };
}
