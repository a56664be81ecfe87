/** Everything under openapi/ that the commands read, checked. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { editionsIn, mainEdition, requireEdition } from "./editions.ts";
import { readCuration, type Curation } from "./read/curation.ts";
import type { Document } from "./read/document.ts";
import type { Overlay } from "./read/overlay-action.ts";
import type { EditionSelection, Selection } from "./read/selection.ts";
import { known, readTable } from "./read/tables.ts";

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
}

const document = z.looseObject({ paths: z.record(z.string(), z.looseObject({})) });
const overlay = known({
  overlay: z.string(),
  info: z.looseObject({}),
  actions: z.array(
    known({
      target: z.string(),
      description: z.string(),
      update: z.unknown().optional(),
      remove: z.boolean().optional(),
      "x-if": z.string().optional(),
    }),
  ),
});
const selection = known({
  title: z.string(),
  published: z.string(),
  identity: known({ key: z.string().optional(), host: z.string() }),
  tools: z.array(z.string()),
  inference: z.array(z.string()),
  bases: z.record(z.string(), z.string()),
  placeholders: z.record(z.string(), z.string()),
});
const moves = z.record(z.string(), z.string());

/** Throws TableError with file and line where a table cannot be read or has something unknown. */
export async function readInputs(openapi: string, edition = mainEdition): Promise<Inputs> {
  await requireEdition(openapi, edition);
  const at = (name: string) => join(openapi, edition, name);
  const others = new Map<string, Selection>();
  for (const other of await editionsIn(openapi))
    if (other !== edition) others.set(other, await readTable(join(openapi, other, "selection.yaml"), selection));
  return {
    edition,
    others,
    document: (await readTable(at("document.yaml"), document)) as unknown as Document,
    facts: (await readTable(at("facts.yaml"), document)) as unknown as Document,
    drafts: (await readTable(at("drafts.yaml"), document)) as unknown as Document,
    overlay: (await readTable(at("overlay.yaml"), overlay)) as unknown as Overlay,
    selection: await readTable(at("selection.yaml"), selection),
    moves: existsSync(at("moves.yaml")) ? await readTable(at("moves.yaml"), moves) : {},
    curation: await readCuration(openapi, edition, edition === mainEdition),
  };
}
