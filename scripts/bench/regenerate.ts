/** Measures the regeneration from a new document to the written tools. */
import { cp, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { EDITION_NAMES, MAIN_EDITION, type EditionName } from "../../src/catalog/editions.ts";
import { suffixOf } from "./edition-suffix.ts";
import { Samples, type Figure } from "./figure.ts";
import type { Bench } from "./section-context.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** An edition's document; without it, the project's own facts stand for one. */
interface Import {
  readonly edition: EditionName;
  readonly document: string | undefined;
}

export async function benchRegenerate(bench: Bench): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const edition of EDITION_NAMES) {
    const document = edition === MAIN_EDITION ? bench.document : undefined;
    figures.push(await importFigure(bench, { edition, document }));
  }
  return figures;
}

async function importFigure({ workspace }: Bench, { edition, document }: Import): Promise<Figure> {
  const project = join(workspace.folder, `project-${edition}`);
  await mkdir(project);
  for (const part of ["openapi", "generated"]) await cp(join(ROOT, part), join(project, part), { recursive: true });
  const facts = join(project, "facts.yaml");
  await cp(join(ROOT, "openapi", edition, "facts.yaml"), facts);
  // The project's facts are corrected already, so that no correction would apply.
  if (document === undefined)
    for (const overlay of ["openapi/overlay.yaml", `openapi/${edition}/overlay.yaml`])
      await writeFile(join(project, overlay), "overlay: 1.0.0\ninfo: {title: none, version: '1'}\nactions: []\n");

  const taken = new Samples();
  workspace.say(`importing ${edition} and regenerating into a copy`);
  const command = ["--import", "tsx", join(ROOT, "codegen/import.ts"), document ?? facts];
  for (let round = 0; round < (workspace.quick ? 1 : 5); round++) {
    const started = performance.now();
    const args = [...command, "--edition", edition, "--project", project];
    const child = workspace.start({ args, cwd: ROOT });
    child.process.stdout.resume();
    await child.ended;
    if (child.process.exitCode !== 0) throw new Error(`The import failed. ${child.complaints()}`);
    taken.add("ours", (performance.now() - started) / 1000);
  }
  const from =
    document === undefined
      ? "the project's own facts as the document and no overlay (--document names another)"
      : "the document that --document named";
  return {
    id: `regenerate.import${suffixOf(edition)}`,
    name: `import to written files, ${edition}`,
    unit: "s",
    samples: taken.all,
    how: `\`npm run openapi:import\` in a copy of the project, the whole command, with ${from}.`,
  };
}
