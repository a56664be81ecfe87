/** A folder of generated files: which are behind, and their writing, together or not at all. */
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

/** Contents by name. */
export type Files = ReadonlyMap<string, string>;

/** Names of files that differ from the folder's content, files that should not be there included. */
export async function staleFiles(folder: string, files: Files): Promise<string[]> {
  const present = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const extra = present
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .filter((name) => !files.has(name));
  const changed: string[] = [];
  for (const [name, content] of files) {
    if ((await readFile(join(folder, name), "utf8").catch(() => undefined)) !== content) changed.push(name);
  }
  return [...changed, ...extra].sort();
}

/** Replaces the folder's content; what was there stays until everything new is on disk. */
export async function writeFolder(folder: string, files: Files): Promise<void> {
  const fresh = `${folder}.new`;
  const old = `${folder}.old`;
  await rm(fresh, { recursive: true, force: true });
  await mkdir(dirname(folder), { recursive: true });
  for (const [name, content] of files) {
    await mkdir(dirname(join(fresh, name)), { recursive: true });
    await writeFile(join(fresh, name), content);
  }
  await rm(old, { recursive: true, force: true });
  await rename(folder, old).catch(() => undefined);
  await rename(fresh, folder);
  await rm(old, { recursive: true, force: true });
}
