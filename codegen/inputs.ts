/** Everything under openapi/ that the commands read, checked. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { Selection } from "./read/selection.ts";
import { readCuration, type Curation } from "./read/curation.ts";
import type { Document } from "./read/document.ts";
import type { Overlay } from "./read/overlay-action.ts";
import { known, readTable } from "./read/tables.ts";

export interface Inputs {
  /** Portkey's document as it was imported last, its administrative operations without prose. */
  readonly document: Document;
  /** The same with drafts and corrections, as the last command wrote it. */
  readonly facts: Document;
  readonly drafts: Document;
  readonly overlay: Overlay;
  readonly selection: Selection;
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
  identity: known({ key: z.string(), host: z.string() }),
  tools: z.array(z.string()),
  inference: z.array(z.string()),
  bases: z.record(z.string(), z.string()),
  placeholders: z.record(z.string(), z.string()),
});
const moves = z.record(z.string(), z.string());

/** Throws TableError with file and line where a table cannot be read or has something unknown. */
export async function readInputs(openapi: string): Promise<Inputs> {
  const at = (name: string) => join(openapi, name);
  return {
    document: (await readTable(at("document.yaml"), document)) as unknown as Document,
    facts: (await readTable(at("portkey.yaml"), document)) as unknown as Document,
    drafts: (await readTable(at("drafts.yaml"), document)) as unknown as Document,
    overlay: (await readTable(at("overlay.yaml"), overlay)) as unknown as Overlay,
    selection: await readTable(at("selection.yaml"), selection),
    moves: existsSync(at("moves.yaml")) ? await readTable(at("moves.yaml"), moves) : {},
    curation: await readCuration(openapi),
  };
}
