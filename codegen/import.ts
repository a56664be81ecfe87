/**
 * `npm run openapi:import [-- <file|url>] [--keep-prose] [--json]`: Portkey's document in; openapi/, its changelog and
 * generated/ out. Everything is made in memory first: a document that fails leaves both folders as they were.
 */
import { createHash } from "node:crypto";
import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { stringify } from "yaml";
import { changesBetween, reportText, type Report } from "./emit/changelog.ts";
import { withMoves } from "./read/curation.ts";
import { emitAll, writeFolder } from "./emit/emit.ts";
import { factsOf } from "./facts.ts";
import { readInputs, root } from "./generate.ts";
import { loadDocument, SourceError } from "./read/load.ts";
import { movesBetween } from "./read/moves.ts";
import { StaleOverlayError } from "./read/overlay.ts";
import { updateReadme } from "./emit/readme.ts";
import { generateTools } from "./derive/records.ts";

const publicDocument = "https://raw.githubusercontent.com/Portkey-AI/openapi/master/openapi.yaml";

export interface ImportOptions {
  readonly source: string;
  readonly keepProse: boolean;
  /** The folder that holds openapi/ and generated/. */
  readonly project: string;
}

/**
 * Imports and regenerates; returns what changed for the tools.
 * Throws SourceError or StaleOverlayError before anything is written.
 */
export async function importDocument({ source, keepProse, project }: ImportOptions): Promise<Report> {
  const openapi = join(project, "openapi");
  const inputs = await readInputs(openapi);
  const document = await loadDocument(source);
  const { document: facts, notApplicable } = await factsOf({ ...inputs, document, keepProse });

  const moves = { ...inputs.moves, ...Object.fromEntries(movesBetween(inputs.facts, facts)) };
  const before = generateTools(inputs.facts, withMoves(inputs.curation, inputs.moves));
  const after = generateTools(facts, withMoves(inputs.curation, moves));
  const report: Report = {
    changes: changesBetween(before.tools, after.tools),
    toCurate: after.toCurate,
    gone: after.gone,
    unserved: after.unserved,
    overlayNotApplicable: notApplicable.map(({ description }) => description),
  };
  const files = await emitAll(facts, after.tools);

  const text = factsText(facts);
  await replaceFile(join(openapi, "portkey.yaml"), text);
  if (Object.keys(moves).length > 0) await replaceFile(join(openapi, "moves.yaml"), movesText(moves));
  if (report.changes.length > 0) await prependChangelog(join(openapi, "CHANGELOG.md"), text, report);
  await writeFolder(join(project, "generated"), files);
  await updateReadme(join(project, "README.md"), after.tools, false);
  return report;
}

export function factsText(facts: unknown): string {
  const head = "# Facts of Portkey's API. Written by `npm run openapi:import`: correct overlay.yaml instead.";
  return `${head}\n${stringify(facts, { lineWidth: 120, aliasDuplicateObjects: false })}`;
}

function movesText(moves: Readonly<Record<string, string>>): string {
  const head =
    "# Operations that changed their path, new place to old: their tools keep name and words. Written by the import.";
  return `${head}\n${stringify(moves)}`;
}

/** The newest import stands first, named by its facts' digest: the same facts are the same entry on every machine. */
async function prependChangelog(path: string, facts: string, report: Report): Promise<void> {
  const digest = createHash("sha256").update(facts).digest("hex").slice(0, 12);
  const title = "# What imports changed for the tools\n";
  const old = (await readFile(path, "utf8").catch(() => title)).slice(title.length);
  await replaceFile(path, `${title}\n## Facts ${digest}\n\n${reportText(report)}\n${old}`);
}

async function replaceFile(path: string, content: string): Promise<void> {
  await writeFile(`${path}.new`, content);
  await rename(`${path}.new`, path);
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      "keep-prose": { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      project: { type: "string", default: root },
    },
  });
  try {
    const report = await importDocument({
      source: positionals[0] ?? publicDocument,
      keepProse: values["keep-prose"],
      project: values.project,
    });
    process.stdout.write(
      values.json
        ? `${JSON.stringify(report, null, 2)}\n`
        : `${reportText(report) || "Nothing changed for the tools."}\n`,
    );
    return 0;
  } catch (error) {
    if (!(error instanceof SourceError || error instanceof StaleOverlayError)) throw error;
    process.stderr.write(`${error.message}\nNothing was written.\n`);
    return 1;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = await main();
