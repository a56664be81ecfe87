/** Reads and checks all inputs of the commands: the tables under openapi/. */
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
  /** The API's document from the last import: its administrative operations, without prose. */
  readonly document: Document;
  /** The same with drafts and corrections applied, as the last command wrote it. */
  readonly facts: Document;
  readonly drafts: Document;
  readonly overlay: Overlay;
  readonly selection: EditionSelection;
  /** The selections of the other editions, by name. */
  readonly others: ReadonlyMap<string, Selection>;
  /** Operations whose path changed: new `METHOD /path` to old one. */
  readonly moves: Readonly<Record<string, string>>;
  readonly curation: Curation;
  /** Sample requests for the tools, to train the search. */
  readonly requests: readonly Request[];
}

/** Reads a file that an import wrote. Before the first import, the result is an empty document. */
async function readImported(folder: string, name: "document.yaml" | "facts.yaml"): Promise<Document> {
  if (!existsSync(join(folder, name))) return { openapi: "3.0.0", info: { title: "none", version: "0" }, paths: {} };
  return (await readerOf(folder, editionTables)(name)) as unknown as Document;
}

/** The corrections shared by all editions, followed by the edition's own. */
async function readOverlay(openapi: string, edition: string): Promise<Overlay> {
  const own = (await readerOf(join(openapi, edition), editionTables)("overlay.yaml")) as unknown as Overlay;
  if (!existsSync(join(openapi, "overlay.yaml"))) return own;
  const shared = (await readerOf(openapi, sharedTables)("overlay.yaml")) as unknown as Overlay;
  return { ...own, actions: [...shared.actions, ...own.actions] };
}

/** Throws TableError, with file and line, if a table cannot be read or has unknown members. */
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

/** Throws TableError if `without` names a composite that does not exist. */
function checkWithout(path: string, { without = [] }: EditionSelection, { composites }: Curation): void {
  const unknown = without.filter((name) => !composites.has(name));
  if (unknown.length > 0)
    throw new TableError(`${path}: without: no tool of openapi/composites.yaml is called ${unknown.join(", ")}`);
}

/** The curation for an edition: with its kind of key, and without the composites that its selection excludes. */
function forSelection(words: Curation, { key, without = [] }: EditionSelection): Curation {
  const composites = new Map([...words.composites].filter(([name]) => !without.includes(name)));
  return { ...words, composites, ...(key && { key }) };
}
