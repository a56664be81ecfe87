/** `npm run openapi:diff -- A B`: reports how the tools differ between two documents. Writes nothing. */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runCommand } from "./command.ts";
import { generateTools } from "./derive/records.ts";
import { reportOf, reportText, type Report } from "./emit/report.ts";
import { mainEdition } from "./editions.ts";
import { bareDocument, factsOf } from "./facts.ts";
import { readInputs } from "./inputs.ts";
import { root } from "./project.ts";
import { withMoves } from "./read/curation.ts";
import { loadDocument } from "./read/load.ts";
import { movesBetween } from "./read/places/moves.ts";

/** The report that an import of `to` would give in a project whose last import was `from`. */
export async function diffDocuments(from: string, to: string, openapi: string, edition?: string): Promise<Report> {
  const inputs = await readInputs(openapi, edition);
  const curated = new Set(inputs.curation.operations.keys());
  const bareIn = async (path: string) =>
    bareDocument({ ...inputs, source: await loadDocument(path), curated, keepProse: false });
  const [before, bare] = [await bareIn(from), await bareIn(to)];
  const known = await factsOf({ ...inputs, document: before.document });
  const old = generateTools(known.document, withMoves(inputs.curation, inputs.moves));
  const moves = { ...inputs.moves, ...movesBetween(before.document, bare.document, known.document) };
  const facts = await factsOf({ ...inputs, document: bare.document, moves });
  const after = generateTools(facts.document, withMoves(inputs.curation, moves));
  return reportOf({ before: old, inferenceBefore: before.inference, after, bare, facts });
}

const help = `usage: npm run openapi:diff -- <file|url> <file|url> [--json]

Tells what the step from one document to another changes for the tools. Writes nothing.

  --edition NAME the edition whose documents they are (portkey without it)
  --json         print the report as JSON
`;

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const options = {
    edition: { type: "string", default: mainEdition },
    json: { type: "boolean", default: false },
  } as const;
  process.exitCode = await runCommand({ help, options, least: 2, most: 2 }, async ({ values, positionals }) => {
    const [from, to] = positionals as [string, string];
    const report = await diffDocuments(from, to, join(root, "openapi"), values.edition);
    return values.json ? JSON.stringify(report, null, 2) : reportText(report) || "Nothing changes for the tools.";
  });
}
