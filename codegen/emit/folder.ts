/** Compares a folder of generated files with new contents, and replaces all of it in one step. */
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

/** File contents by path, relative to the folder. */
export type Files = ReadonlyMap<string, string>;

/** Sorted names of the files that are missing, differ, or exist in the folder but not in `files`. */
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

/** Replaces the content of the folder. The old content stays until all new files are on disk. */
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
