/** An import in memory, as the command does it, and what may come of it. */
import { stringify } from "yaml";
import { generateTools } from "../../../codegen/derive/records.ts";
import { emitAll } from "../../../codegen/emit/emit.ts";
import { bareDocument, factsOf } from "../../../codegen/facts.ts";
import type { Inputs } from "../../../codegen/inputs.ts";
import { readDocument, SourceError } from "../../../codegen/read/load.ts";

export type End = "facts" | "refused";

/** What an import makes of a text before anything is written; throws SourceError. */
export async function importText(text: string, inputs: Inputs) {
  const curated = new Set(inputs.curation.operations.keys());
  const source = readDocument(text, "m.yaml");
  const bare = bareDocument({ ...inputs, source, curated, keepProse: false });
  const facts = await factsOf({ ...inputs, document: bare.document });
  return { bare, facts, generated: generateTools(facts.document, inputs.curation) };
}

/** Ends with facts or a SourceError that names place and reason; anything else is thrown, or told by its text. */
export async function endOf(text: string, inputs: Inputs, emits: boolean): Promise<End | string> {
  try {
    const { facts, generated } = await importText(text, inputs);
    stringify(facts.document, { aliasDuplicateObjects: false });
    if (emits) await emitAll(facts.document, generated.tools, inputs.curation);
    return "facts";
  } catch (error) {
    if (!(error instanceof SourceError)) return (error as Error).stack ?? String(error);
    const lines = error.message.split("\n");
    const unplaced = lines.find((line) => !/^m\.yaml:\d+: \S/.test(line));
    return unplaced === undefined ? "refused" : `no place or reason: ${unplaced}`;
  }
}
