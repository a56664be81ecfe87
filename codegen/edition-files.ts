/** Everything under generated/<edition>/, as file contents. */
import type { Document } from "./read/document.ts";
import type { Tool } from "./derive/tool.ts";
import { emitAll, type Files } from "./emit/emit.ts";
import type { Inputs } from "./inputs.ts";
import { emitSearch } from "./search/emit.ts";

/** `folder` is where they are written to: what search has learnt is kept where it was made from the same. */
export async function editionFiles(
  folder: string,
  facts: Document,
  tools: readonly Tool[],
  { curation, requests }: Pick<Inputs, "curation" | "requests">,
): Promise<Files> {
  const records = tools.map(({ record }) => record);
  return new Map([...(await emitAll(facts, tools, curation)), await emitSearch(folder, { records, requests })]);
}
