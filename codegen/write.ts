/** Writes the results of the commands, after all of them have been made in memory. */
import { createHash } from "node:crypto";
import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "yaml";
import { emitEditions } from "./emit/editions.ts";
import { editionsIn } from "./editions.ts";
import { writeFolder, type Files } from "./emit/folder.ts";
import { updateReadme } from "./emit/readme.ts";
import type { Generated } from "./derive/records.ts";
import type { Document } from "./read/document.ts";

export const heads = {
  document: "The API's document without prose. Written by `npm run openapi:import`: correct overlay.yaml instead.",
  facts: "The API's facts: document.yaml with drafts.yaml and overlay.yaml. Written by `npm run generate`.",
  moves:
    "Operations that changed their path, new place to old: their tools keep name and words. Written by the import.",
};

export function yamlText(head: string, data: unknown): string {
  return `# ${head}\n${stringify(data, { lineWidth: 120, aliasDuplicateObjects: false })}`;
}

export function factsText(facts: Document): string {
  return yamlText(heads.facts, facts);
}

/** The text of document.yaml: the document, and `x-inference`, the list of its inference operations. */
export function documentText(document: Document, inference: readonly string[]): string {
  return yamlText(heads.document, { ...document, "x-inference": inference });
}

export interface Outcome {
  readonly edition: string;
  /** Files under openapi/<edition>/, by name. */
  readonly openapi: ReadonlyMap<string, string>;
  readonly generated: Files;
  readonly tools: Generated["tools"];
}

/** Writes all files of an edition. `project` is the folder that holds openapi/, generated/ and README.md. */
export async function writeOutcome(project: string, outcome: Outcome): Promise<void> {
  const { edition, openapi, generated, tools } = outcome;
  for (const [name, content] of openapi) await replaceFile(join(project, "openapi", edition, name), content);
  await writeFolder(join(project, "generated", edition), generated);
  const editions = await editionsIn(join(project, "openapi"));
  await replaceFile(join(project, "generated", "editions.ts"), emitEditions(editions));
  await updateReadme(join(project, "README.md"), edition, tools, false);
}

async function replaceFile(path: string, content: string): Promise<void> {
  await writeFile(`${path}.new`, content);
  await rename(`${path}.new`, path);
}

const title = "# What imports changed for the tools\n";

/** The changelog with this import first. Its heading is a digest of the facts, the same on every machine. */
export async function changelogText(path: string, facts: string, report: string): Promise<string> {
  const digest = createHash("sha256").update(facts).digest("hex").slice(0, 12);
  const old = (await readFile(path, "utf8").catch(() => title)).slice(title.length);
  return `${title}\n## Facts ${digest}\n\n${report}\n${old}`;
}
