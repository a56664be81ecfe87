/** The contents of all files under generated/<edition>/. */
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
 * Returns file contents by name; writes nothing. `folder` holds the files of the last run. Types, validators and the
 * search model are reused from it if their inputs have not changed. With `anew`, only the search model is reused.
 */
export async function editionFiles(folder: string, parts: EditionParts, anew = false): Promise<Files> {
  const { facts, tools, curation, requests } = parts;
  const records = tools.map(({ record }) => record);
  const files = await emitAll(facts, tools, curation, anew ? undefined : folder);
  return new Map([...files, await emitSearch(folder, { records, requests })]);
}
