/** Everything under generated/<edition>/, as file contents. */
import type { Document } from "./read/document.ts";
import type { Tool } from "./derive/tool.ts";
import { emitAll } from "./emit/emit.ts";
import type { Files } from "./emit/folder.ts";
import type { Inputs } from "./inputs.ts";
import { emitSearch } from "./search/emit.ts";

export interface EditionParts extends Pick<Inputs, "curation" | "requests"> {
  readonly facts: Document;
  readonly tools: readonly Tool[];
}

/**
 * `folder` is where they are written to: what was made, or learnt by search, from the same is kept. `anew`: all but
 * what search has learnt is made again, whatever stands there.
 */
export async function editionFiles(folder: string, parts: EditionParts, anew = false): Promise<Files> {
  const { facts, tools, curation, requests } = parts;
  const records = tools.map(({ record }) => record);
  const files = await emitAll(facts, tools, curation, anew ? undefined : folder);
  return new Map([...files, await emitSearch(folder, { records, requests })]);
}
