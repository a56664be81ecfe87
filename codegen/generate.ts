/**
 * `npm run generate [-- --check]`: openapi/ in; openapi/portkey.yaml and generated/ out. Every table under openapi/ has
 * its effect by this one command. --check writes nothing and fails on a difference.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runCommand } from "./command.ts";
import { generateTools } from "./derive/records.ts";
import { emitAll, staleFiles } from "./emit/emit.ts";
import { updateReadme } from "./emit/readme.ts";
import { factsOf } from "./facts.ts";
import { readInputs } from "./inputs.ts";
import { root } from "./project.ts";
import { withMoves } from "./read/curation.ts";
import { factsText, writeOutcome } from "./write.ts";

export class BehindError extends Error {}

/** Regenerates, or throws BehindError where `check` finds a difference; returns what there is to tell. */
export async function generate(project: string, check: boolean): Promise<string[]> {
  const openapi = join(project, "openapi");
  const inputs = await readInputs(openapi);
  const facts = await factsOf(inputs);
  const generated = generateTools(facts.document, withMoves(inputs.curation, inputs.moves));
  const files = await emitAll(facts.document, generated.tools, inputs.curation);
  const text = factsText(facts.document);
  if (check) {
    const stale = await staleFiles(join(project, "generated"), files);
    if ((await readFile(join(openapi, "portkey.yaml"), "utf8")) !== text) stale.push("openapi/portkey.yaml");
    if (await updateReadme(join(project, "README.md"), generated.tools, true)) stale.push("README.md");
    if (stale.length > 0) throw new BehindError(`stale, run npm run generate: ${stale.join(", ")}`);
    return [];
  }
  const outcome = { openapi: new Map([["portkey.yaml", text]]), generated: files, tools: generated.tools };
  await writeOutcome(project, outcome);
  return [
    `${generated.tools.length} tools`,
    ...generated.toCurate.map((at) => `to curate: ${at}`),
    ...generated.gone.map((row) => `removed upstream: ${row}`),
    ...generated.unserved.map((row) => `not served: ${row}`),
    ...generated.leftOut.map(({ at, what }) => `left out: ${at}: ${what}`),
    ...facts.staleActions.map(
      ({ action, kind, why }) => `correction without effect: ${action.description}: ${kind}: ${why}`,
    ),
    ...facts.needlessDrafts.map(({ at, what }) => `draft without effect: ${at}: ${what}`),
  ];
}

const help = `usage: npm run generate [-- --check]

Makes openapi/portkey.yaml, generated/ and the README's list of tools from the tables under openapi/.

  --check        write nothing; fail where something is behind the tables
  --project DIR  another folder that holds openapi/ and generated/
`;

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const options = { check: { type: "boolean", default: false }, project: { type: "string", default: root } } as const;
  process.exitCode = await runCommand({ help, options, most: 0 }, async ({ values }) =>
    (await generate(values.project, values.check)).join("\n"),
  );
}
