/** The first half of the pipeline: from the API's document to the project's facts. Reads and writes no files. */
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

/** The content of an edition's document.yaml (the API's administrative operations), and notes about its import. */
export interface Bare {
  readonly document: Document;
  readonly inference: readonly string[];
  /** Malformed parts that were left out. */
  readonly leftOut: readonly Note[];
  /** Places where a schema was loosened because a sample contradicts it. */
  readonly loosened: readonly Note[];
}

export interface BareInput {
  readonly source: SourceDocument;
  readonly selection: EditionSelection;
  /** The selections of the other editions, by name. They identify a document of another edition, which is refused. */
  readonly others: ReadonlyMap<string, Selection>;
  /** Keys of the operations that have a row in the curation: always tools. */
  readonly curated: ReadonlySet<string>;
  /** Keeps the document's descriptions, for a private fork that has the right to publish them. */
  readonly keepProse: boolean;
}

/** Selects the administrative operations. Throws SourceError for another API's document or if none is found. */
export function bareDocument({ source, selection, others, curated, keepProse }: BareInput): Bare {
  checkIdentity(source, selection, others);
  const whole = withOwnReferences(source.document);
  const { document: chosen, inference } = chooseOperations(whole, selection, curated);
  const { document: tidy, leftOut } = tidyDocument({ ...source, document: dropUnreachedComponents(chosen) });
  const circles = openCircles(tidy);
  const loosened = loosenBySamples(tidy);
  const bare = keepProse ? tidy : stripProse(tidy, selection.title);
  // If the source is a document.yaml of this project, its list of inference operations is kept.
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
  /** Operations whose path changed: new `METHOD /path` to old one. */
  readonly moves: Readonly<Record<string, string>>;
}

export interface Facts {
  readonly document: Document;
  /** Corrections without effect. */
  readonly staleActions: readonly LeftOut[];
  readonly needlessDrafts: readonly Note[];
}

/** Adds drafts, applies corrections, moves inline schemas into components, and sorts. Depends on its input only. */
export async function factsOf(input: FactsInput): Promise<Facts> {
  const { moves } = input;
  const drafted = addDrafts(withSuffixedJson(input.document), input.drafts, moves);
  const overlay = withSpelledTargets(input.overlay, drafted.document, moves);
  const { document, leftOut } = await applyOverlay(drafted.document, overlay);
  const complete = hoistInlineSchemas(dropUnreachedComponents(normaliseServers(document, input.selection)));
  return { document: sortDocument(complete), staleActions: leftOut, needlessDrafts: drafted.needless };
}
