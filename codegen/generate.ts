/**
 * `npm run generate [-- --check]`: reads openapi/, writes each edition's facts.yaml and generated/<edition>/. After a
 * change of any table under openapi/, this is the command to run. --check writes nothing and fails on a difference.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { BehindError, runCommand } from "./command.ts";
import { generateTools } from "./derive/records.ts";
import { emitEditions } from "./emit/editions.ts";
import { staleFiles } from "./emit/folder.ts";
import { updateReadme } from "./emit/readme.ts";
import { editionFiles } from "./edition-files.ts";
import { editionsIn, requireEdition } from "./editions.ts";
import { factsOf } from "./facts.ts";
import { readInputs } from "./inputs.ts";
import { withoutRequests } from "./search/requests.ts";
import { root } from "./project.ts";
import { withMoves } from "./read/curation.ts";
import { unappliedExceptions } from "./read/exceptions.ts";
import { factsText, writeOutcome } from "./write.ts";

/** Regenerates all editions, or `only` one; returns lines to print. Throws BehindError if `check` finds a change. */
export async function generate(project: string, check: boolean, only?: string): Promise<string[]> {
  const openapi = join(project, "openapi");
  if (only !== undefined) await requireEdition(openapi, only);
  const told: string[] = [];
  for (const edition of only === undefined ? await editionsIn(openapi) : [only])
    told.push(...(await generateEdition(project, edition, check)).map((line) => `${edition}: ${line}`));
  return told;
}

async function generateEdition(project: string, edition: string, check: boolean): Promise<string[]> {
  const openapi = join(project, "openapi");
  const inputs = await readInputs(openapi, edition);
  const facts = await factsOf(inputs);
  const generated = generateTools(facts.document, withMoves(inputs.curation, inputs.moves));
  const folder = join(project, "generated", edition);
  const parts = { ...inputs, facts: facts.document, tools: generated.tools };
  const files = await editionFiles(folder, parts, check);
  const text = factsText(facts.document);
  if (check) {
    const stale = await staleFiles(folder, files);
    const known = await readFile(join(openapi, edition, "facts.yaml"), "utf8").catch(() => "");
    if (known !== text) stale.push(`openapi/${edition}/facts.yaml`);
    const index = await readFile(join(project, "generated", "editions.ts"), "utf8").catch(() => "");
    if (index !== emitEditions(await editionsIn(openapi))) stale.push("generated/editions.ts");
    if (await updateReadme(join(project, "README.md"), edition, generated.tools, true)) stale.push("README.md");
    if (stale.length > 0) throw new BehindError(`stale, run npm run generate: ${stale.join(", ")}`);
    return [];
  }
  const outcome = { edition, openapi: new Map([["facts.yaml", text]]), generated: files, tools: generated.tools };
  await writeOutcome(project, outcome);
  const names = generated.tools.map(({ record }) => record.name);
  return [
    `${generated.tools.length} tools`,
    ...generated.toCurate.map((at) => `to curate: ${at}`),
    ...withoutRequests(names, inputs.requests).map((name) => `to curate: requests for ${name}`),
    ...generated.gone.map((row) => `removed upstream: ${row}`),
    ...generated.unserved.map((row) => `not served: ${row}`),
    ...generated.leftOut.map(({ at, what }) => `left out: ${at}: ${what}`),
    ...facts.staleActions.map(
      ({ action, kind, why }) => `correction without effect: ${action.description}: ${kind}: ${why}`,
    ),
    ...unappliedExceptions(inputs.document, inputs.selection),
    ...facts.needlessDrafts.map(({ at, what }) => `draft without effect: ${at}: ${what}`),
  ];
}

const help = `usage: npm run generate [-- --check]

Makes each edition's facts.yaml, generated/<edition>/ and the README's list of tools from the tables under openapi/.

  --check        write nothing; fail where something is behind the tables
  --edition NAME that edition only (a folder of openapi/)
  --project DIR  another folder that holds openapi/ and generated/
`;

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const options = {
    check: { type: "boolean", default: false },
    edition: { type: "string" },
    project: { type: "string", default: root },
  } as const;
  process.exitCode = await runCommand({ help, options, most: 0 }, async ({ values }) =>
    (await generate(values.project, values.check, values.edition)).join("\n"),
  );
}
