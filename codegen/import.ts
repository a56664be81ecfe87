/**
 * `npm run openapi:import [-- <file|url>]`: reads the API's document; writes openapi/<edition>/, its changelog and
 * generated/<edition>/. Files are written only after everything succeeded: a refused document changes nothing.
 */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runCommand } from "./command.ts";
import { generateTools } from "./derive/records.ts";
import { reportOf, reportText, type Report } from "./emit/report.ts";
import { mainEdition, requireEdition } from "./editions.ts";
import { bareDocument, factsOf } from "./facts.ts";
import { readInputs } from "./inputs.ts";
import { root } from "./project.ts";
import { withMoves } from "./read/curation.ts";
import { loadDocument } from "./read/load.ts";
import { movesBetween } from "./read/places/moves.ts";
import { StaleError } from "./read/overlay-action.ts";
import { changelogText, documentText, factsText, heads, writeOutcome, yamlText } from "./write.ts";

export interface ImportOptions {
  /** The main edition by default. */
  readonly edition?: string;
  /** A file or a URL. The default is the document that the API's owner publishes. */
  readonly source?: string | undefined;
  readonly keepProse: boolean;
  /** Refuses a document that leaves a correction or a draft without effect. */
  readonly strict?: boolean;
  /** The folder that holds openapi/ and generated/. */
  readonly project: string;
}

/**
 * Imports a document and regenerates the tools; returns the report. Throws before anything is written: SourceError for
 * the document, TableError for the tables under openapi/, or StaleError if `strict`.
 */
export async function importDocument({ edition, source, keepProse, strict, project }: ImportOptions): Promise<Report> {
  const openapi = join(project, "openapi");
  await requireEdition(openapi, edition ?? mainEdition);
  // Loaded first, so that a file that is not a document is refused before anything else is read.
  const given = source === undefined ? undefined : await loadDocument(source);
  const inputs = await readInputs(openapi, edition);
  const curated = new Set(inputs.curation.operations.keys());
  const bare = bareDocument({
    ...inputs,
    source: given ?? (await loadDocument(inputs.selection.published)),
    curated,
    keepProse,
  });
  const moves = { ...inputs.moves, ...movesBetween(inputs.document, bare.document, inputs.facts) };
  const facts = await factsOf({ ...inputs, document: bare.document, moves });

  const before = generateTools(inputs.facts, withMoves(inputs.curation, inputs.moves));
  const after = generateTools(facts.document, withMoves(inputs.curation, moves));
  const inferenceBefore = inputs.document["x-inference"] as string[] | undefined;
  const report = reportOf({ before, inferenceBefore, after, bare, facts });
  const stale = [...report.staleActions, ...report.needlessDrafts];
  if (strict && stale.length > 0) throw new StaleError(stale.map(({ at, what }) => `${at}: ${what}`).join("\n"));

  const folder = join(project, "generated", inputs.edition);
  // Loaded here because its generators take a second to load, which a refused document does not need.
  const { editionFiles } = await import("./edition-files.ts");
  const generated = await editionFiles(folder, { ...inputs, facts: facts.document, tools: after.tools });
  const text = factsText(facts.document);
  const files = new Map([
    ["document.yaml", documentText(bare.document, bare.inference)],
    ["facts.yaml", text],
  ]);
  if (Object.keys(moves).length > 0) files.set("moves.yaml", yamlText(heads.moves, moves));
  if (report.changes.length > 0)
    files.set(
      "CHANGELOG.md",
      await changelogText(join(openapi, inputs.edition, "CHANGELOG.md"), text, reportText(report)),
    );
  await writeOutcome(project, { edition: inputs.edition, openapi: files, generated, tools: after.tools });
  return report;
}

const help = `usage: npm run openapi:import [-- <file|url>] [options]

Imports the API's OpenAPI document (by default the one that its owner publishes) and regenerates the tools.

  --edition NAME the edition whose document it is (a folder of openapi/; portkey without it)
  --strict       refuse a document that leaves a correction or a draft without effect
  --json         print the report as JSON
  --keep-prose   keep the document's descriptions in openapi/, for a private fork
  --project DIR  another folder that holds openapi/ and generated/
`;

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const options = {
    edition: { type: "string", default: mainEdition },
    "keep-prose": { type: "boolean", default: false },
    strict: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
    project: { type: "string", default: root },
  } as const;
  process.exitCode = await runCommand({ help, options, most: 1 }, async ({ values, positionals }) => {
    const { edition, "keep-prose": keepProse, strict, json, project } = values;
    const report = await importDocument({ edition, source: positionals[0], keepProse, strict, project });
    return json ? JSON.stringify(report, null, 2) : reportText(report) || "Nothing changed for the tools.";
  });
}
