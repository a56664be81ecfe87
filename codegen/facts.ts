/** The pipeline's first half: the API's document in, the project's facts out. Pure: the caller reads and writes. */
import { chooseOperations } from "./read/choose.ts";
import { openCircles } from "./read/circles.ts";
import { dropUnreachedComponents } from "./read/components.ts";
import type { Document } from "./read/document.ts";
import { addDrafts } from "./read/drafts.ts";
import { hoistInlineSchemas, sortDocument } from "./read/hoist.ts";
import { checkIdentity } from "./read/identity.ts";
import type { SourceDocument } from "./read/load.ts";
import type { Note } from "./read/note.ts";
import { applyOverlay } from "./read/overlay.ts";
import type { LeftOut, Overlay } from "./read/overlay-action.ts";
import { loosenBySamples } from "./read/samples/loosen-document.ts";
import { withSuffixedJson } from "./read/well-formed/media-types.ts";
import { withOwnReferences } from "./read/well-formed/own-references.ts";
import type { EditionSelection, Selection } from "./read/selection.ts";
import { normaliseServers } from "./read/servers.ts";
import { withSpelledTargets } from "./read/places/spelled-paths.ts";
import { stripProse } from "./read/strip-prose.ts";
import { tidyDocument } from "./read/well-formed/tidy.ts";

/** What an edition's document.yaml holds: the administrative operations of its API's document, as it has them. */
export interface Bare {
  readonly document: Document;
  readonly inference: readonly string[];
  /** What is malformed and was left out. */
  readonly leftOut: readonly Note[];
  /** Where samples contradicted schemas, which gave way. */
  readonly loosened: readonly Note[];
}

export interface BareInput {
  readonly source: SourceDocument;
  readonly selection: EditionSelection;
  /** The other editions' selections, by name: a document of theirs is refused with it. */
  readonly others: ReadonlyMap<string, Selection>;
  /** Operation keys that have words of ours: always tools. */
  readonly curated: ReadonlySet<string>;
  /** Keep upstream's descriptions: for a private fork that may publish them. */
  readonly keepProse: boolean;
}

/** Selects and strips. Throws SourceError where it is another API's document, or holds nothing for us. */
export function bareDocument({ source, selection, others, curated, keepProse }: BareInput): Bare {
  checkIdentity(source, selection, others);
  const whole = withOwnReferences(source.document);
  const { document: chosen, inference } = chooseOperations(whole, selection, curated);
  const { document: tidy, leftOut } = tidyDocument({ ...source, document: dropUnreachedComponents(chosen) });
  const circles = openCircles(tidy);
  const loosened = loosenBySamples(tidy);
  const bare = keepProse ? tidy : stripProse(tidy, selection.title);
  // Our own document.yaml keeps what its source had beside the tools.
  const kept = (source.document["x-inference"] ?? []) as string[];
  const notTools = [...new Set([...inference, ...kept])].sort();
  return {
    document: sortDocument(dropUnreachedComponents(bare)),
    inference: notTools,
    leftOut: [...leftOut, ...circles],
    loosened,
  };
}

export interface FactsInput {
  readonly document: Document;
  readonly drafts: Document;
  readonly overlay: Overlay;
  readonly selection: Selection;
  /** Operations that changed their path, new place to old place. */
  readonly moves: Readonly<Record<string, string>>;
}

export interface Facts {
  readonly document: Document;
  /** Corrections that did not correct anything. */
  readonly staleActions: readonly LeftOut[];
  readonly needlessDrafts: readonly Note[];
}

/** Adds drafts and corrections, hoists and orders. The result depends on nothing but the input. */
export async function factsOf(input: FactsInput): Promise<Facts> {
  const { moves } = input;
  const drafted = addDrafts(withSuffixedJson(input.document), input.drafts, moves);
  const overlay = withSpelledTargets(input.overlay, drafted.document, moves);
  const { document, leftOut } = await applyOverlay(drafted.document, overlay);
  const complete = hoistInlineSchemas(dropUnreachedComponents(normaliseServers(document, input.selection)));
  return { document: sortDocument(complete), staleActions: leftOut, needlessDrafts: drafted.needless };
}
