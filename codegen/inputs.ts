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
import { readerOf, TableError } from "./read/tables.ts";
import { readRequests } from "./search/requests.ts";
import type { Request } from "./search/train.ts";
import { editionTables, sharedTables } from "./table-forms.ts";

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
async function readImported(folder: string, name: "document.yaml" | "facts.yaml"): Promise<Document> {
  if (!existsSync(join(folder, name))) return { openapi: "3.0.0", info: { title: "none", version: "0" }, paths: {} };
  return (await readerOf(folder, editionTables)(name)) as unknown as Document;
}

/** The corrections that hold in every edition, and then the edition's own. */
async function readOverlay(openapi: string, edition: string): Promise<Overlay> {
  const own = (await readerOf(join(openapi, edition), editionTables)("overlay.yaml")) as unknown as Overlay;
  if (!existsSync(join(openapi, "overlay.yaml"))) return own;
  const shared = (await readerOf(openapi, sharedTables)("overlay.yaml")) as unknown as Overlay;
  return { ...own, actions: [...shared.actions, ...own.actions] };
}

/** Throws TableError with file and line where a table cannot be read or has something unknown. */
export async function readInputs(openapi: string, edition = mainEdition): Promise<Inputs> {
  await requireEdition(openapi, edition);
  await requireKnownFiles(openapi, edition);
  const folder = join(openapi, edition);
  const at = (name: keyof typeof editionTables) => join(folder, name);
  const readOwn = readerOf(folder, editionTables);
  const others = new Map<string, Selection>();
  for (const other of await editionsIn(openapi))
    if (other !== edition) others.set(other, await readerOf(join(openapi, other), editionTables)("selection.yaml"));
  const own = await readOwn("selection.yaml");
  const words = await readCuration(openapi, edition, edition === mainEdition);
  checkWithout(at("selection.yaml"), own, words);
  const document = await readImported(folder, "document.yaml");
  const drafts = (await readOwn("drafts.yaml")) as unknown as Document;
  await requireReferences(at("document.yaml"), document, [document]);
  await requireReferences(at("drafts.yaml"), drafts, [document, drafts]);
  return {
    edition,
    others,
    document,
    facts: await readImported(folder, "facts.yaml"),
    drafts,
    overlay: await readOverlay(openapi, edition),
    selection: own,
    moves: existsSync(at("moves.yaml")) ? await readOwn("moves.yaml") : {},
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
