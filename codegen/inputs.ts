/** Everything under openapi/ that the commands read, checked. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { editionsIn, mainEdition, requireEdition } from "./editions.ts";
import { requireKnownFiles } from "./known-files.ts";
import { curatedNames, readCuration, type Curation } from "./read/curation.ts";
import { requireReferences } from "./read/well-formed/dangling.ts";
import type { Document } from "./read/document.ts";
import type { Overlay } from "./read/overlay-action.ts";
import type { EditionSelection, Selection } from "./read/selection.ts";
import { readTable, TableError } from "./read/tables.ts";
import { readRequests } from "./search/requests.ts";
import type { Request } from "./search/train.ts";
import { documentForm, draftsForm, movesForm, overlayForm, selectionForm } from "./table-forms.ts";

export interface Inputs {
  readonly edition: string;
  /** The API's document as it was imported last, its administrative operations without prose. */
  readonly document: Document;
  /** The same with drafts and corrections, as the last command wrote it. */
  readonly facts: Document;
  readonly drafts: Document;
  readonly overlay: Overlay;
  readonly selection: EditionSelection;
  /** Those of the other editions, by name. */
  readonly others: ReadonlyMap<string, Selection>;
  /** Operations that changed their path, new place to old place. */
  readonly moves: Readonly<Record<string, string>>;
  readonly curation: Curation;
  /** How people ask for the tools. */
  readonly requests: readonly Request[];
}

/** What an import wrote; nothing before the first one. */
async function readImported(path: string): Promise<Document> {
  if (!existsSync(path)) return { openapi: "3.0.0", info: { title: "none", version: "0" }, paths: {} };
  return (await readTable(path, documentForm)) as unknown as Document;
}

/** The corrections that hold in every edition, and then the edition's own. */
async function readOverlay(openapi: string, edition: string): Promise<Overlay> {
  const own = (await readTable(join(openapi, edition, "overlay.yaml"), overlayForm)) as unknown as Overlay;
  const path = join(openapi, "overlay.yaml");
  if (!existsSync(path)) return own;
  const shared = (await readTable(path, overlayForm)) as unknown as Overlay;
  return { ...own, actions: [...shared.actions, ...own.actions] };
}

/** Throws TableError with file and line where a table cannot be read or has something unknown. */
export async function readInputs(openapi: string, edition = mainEdition): Promise<Inputs> {
  await requireEdition(openapi, edition);
  await requireKnownFiles(openapi, edition);
  const at = (name: string) => join(openapi, edition, name);
  const others = new Map<string, Selection>();
  for (const other of await editionsIn(openapi))
    if (other !== edition) others.set(other, await readTable(join(openapi, other, "selection.yaml"), selectionForm));
  const own = await readTable(at("selection.yaml"), selectionForm);
  const words = await readCuration(openapi, edition, edition === mainEdition);
  checkWithout(at("selection.yaml"), own, words);
  const document = await readImported(at("document.yaml"));
  const drafts = (await readTable(at("drafts.yaml"), draftsForm)) as unknown as Document;
  await requireReferences(at("document.yaml"), document, [document]);
  await requireReferences(at("drafts.yaml"), drafts, [document, drafts]);
  return {
    edition,
    others,
    document,
    facts: await readImported(at("facts.yaml")),
    drafts,
    overlay: await readOverlay(openapi, edition),
    selection: own,
    moves: existsSync(at("moves.yaml")) ? await readTable(at("moves.yaml"), movesForm) : {},
    curation: forSelection(words, own),
    requests: await readRequests({ openapi, edition, names: curatedNames(words), isWhole: words.isWhole }),
  };
}

/** A composite that is left out by a name that none has is a slip. */
function checkWithout(path: string, { without = [] }: EditionSelection, { composites }: Curation): void {
  const unknown = without.filter((name) => !composites.has(name));
  if (unknown.length > 0)
    throw new TableError(`${path}: without: no tool of openapi/composites.yaml is called ${unknown.join(", ")}`);
}

/** The words as they hold for an edition: how it authenticates, and the composites that mean something in it. */
function forSelection(words: Curation, { key, without = [] }: EditionSelection): Curation {
  const composites = new Map([...words.composites].filter(([name]) => !without.includes(name)));
  return { ...words, composites, ...(key && { key }) };
}
