/** From a new document to the written tools. */
import { cp, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Samples, type Figure } from "./figure.ts";
import type { Bench } from "./section-context.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

export async function benchRegenerate({ workspace, document }: Bench): Promise<Figure[]> {
  const project = join(workspace.folder, "project");
  await mkdir(project);
  for (const part of ["openapi", "generated"]) await cp(join(ROOT, part), join(project, part), { recursive: true });
  const facts = join(project, "facts.yaml");
  await cp(join(ROOT, "openapi/portkey/facts.yaml"), facts);
  // The project's facts are corrected already, so that no correction would apply.
  if (document === undefined)
    for (const overlay of ["openapi/overlay.yaml", "openapi/portkey/overlay.yaml"])
      await writeFile(join(project, overlay), "overlay: 1.0.0\ninfo: {title: none, version: '1'}\nactions: []\n");

  const taken = new Samples();
  workspace.say("importing and regenerating into a copy");
  for (let round = 0; round < (workspace.quick ? 1 : 5); round++) {
    const started = performance.now();
    const child = workspace.start({
      args: ["--import", "tsx", join(ROOT, "codegen/import.ts"), document ?? facts, "--project", project],
      cwd: ROOT,
    });
    child.process.stdout.resume();
    await child.ended;
    if (child.process.exitCode !== 0) throw new Error(`The import failed. ${child.complaints()}`);
    taken.add("ours", (performance.now() - started) / 1000);
  }
  const from =
    document === undefined
      ? "the project's own facts as the document and no overlay (--document names another)"
      : "the document that --document named";
  return [
    {
      id: "regenerate.import",
      name: "import to written files",
      unit: "s",
      samples: taken.all,
      how: `\`npm run openapi:import\` in a copy of the project, the whole command, with ${from}.`,
    },
  ];
}
