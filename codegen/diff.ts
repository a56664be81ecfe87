/** `npm run openapi:diff -- A B`: what the step from one document to another changes for the tools. Writes nothing. */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { changesBetween, reportText, type Report } from "./emit/changelog.ts";
import { withMoves } from "./read/curation.ts";
import { factsOf } from "./facts.ts";
import { readInputs, root } from "./generate.ts";
import { loadDocument, SourceError } from "./read/load.ts";
import { movesBetween } from "./read/moves.ts";
import { StaleOverlayError } from "./read/overlay.ts";
import { generateTools } from "./derive/records.ts";

/** The report of an import of `to` into a project that last imported `from`. */
export async function diffDocuments(from: string, to: string, openapi: string): Promise<Report> {
  const inputs = await readInputs(openapi);
  const [before, after] = [
    await factsOf({ ...inputs, document: await loadDocument(from), keepProse: false }),
    await factsOf({ ...inputs, document: await loadDocument(to), keepProse: false }),
  ];
  const old = generateTools(before.document, withMoves(inputs.curation, inputs.moves));
  const moves = { ...inputs.moves, ...Object.fromEntries(movesBetween(before.document, after.document)) };
  const { tools, toCurate, gone, unserved } = generateTools(after.document, withMoves(inputs.curation, moves));
  return {
    changes: changesBetween(old.tools, tools),
    toCurate,
    gone,
    unserved,
    overlayNotApplicable: after.notApplicable.map(({ description }) => description),
  };
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { json: { type: "boolean", default: false } },
  });
  const [from, to] = positionals;
  if (from === undefined || to === undefined) {
    process.stderr.write("usage: npm run openapi:diff -- <file|url> <file|url> [--json]\n");
    return 2;
  }
  try {
    const report = await diffDocuments(from, to, join(root, "openapi"));
    process.stdout.write(
      values.json
        ? `${JSON.stringify(report, null, 2)}\n`
        : `${reportText(report) || "Nothing changes for the tools."}\n`,
    );
    return 0;
  } catch (error) {
    if (!(error instanceof SourceError || error instanceof StaleOverlayError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 1;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = await main();
