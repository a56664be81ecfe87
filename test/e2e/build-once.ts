/**
 * The bundle, built once for all tests of a run: by the first file that wants it, in whichever worker. vitest calls
 * `setup` before the run, which gives the folder its name.
 */
import { existsSync } from "node:fs";
import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { inject } from "vitest";
import type { TestProject } from "vitest/node";
import { buildTo } from "../../scripts/build.ts";

declare module "vitest" {
  interface ProvidedContext {
    readonly builtIn: string;
  }
}

/** Names the folder, and takes it away when the run is over. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), "built-"));
  project.provide("builtIn", folder);
  return () => rm(folder, { recursive: true, force: true });
}

/** The folder with the bundle, which belongs to all: nothing may be changed in it. */
export async function builtOnce(): Promise<string> {
  const folder = inject("builtIn");
  const [bundle, ended] = [join(folder, "bundle"), join(folder, "ended")];
  const isFirst = await mkdir(join(folder, "begun")).then(
    () => true,
    () => false,
  );
  if (isFirst) await buildTo(bundle).finally(() => writeFile(ended, ""));
  while (!existsSync(ended)) await delay(20);
  if (!existsSync(join(bundle, "THIRD-PARTY-LICENSES.txt")))
    throw new Error("The build failed in another file's test.");
  return bundle;
}

/** A copy of the bundle at `folder`, for a test that changes it or needs it there. */
export async function copyBuilt(folder: string): Promise<void> {
  await cp(await builtOnce(), folder, { recursive: true });
}
