/** The licences of everything that the bundle carries, for a file beside it. */
import type { Metafile } from "esbuild";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
}

const LICENCE_FILE = /^(licen[cs]e|copying)([-.].*)?$/i;
const NOTICE_FILE = /^notice(\..*)?$/i;

/** The text of THIRD-PARTY-LICENSES.txt for a bundle; `root` is what the metafile's paths are relative to. */
export async function thirdPartyLicences({ outputs }: Metafile, root: string): Promise<string> {
  const carried = Object.values(outputs).flatMap(({ inputs }) =>
    Object.entries(inputs).filter(([, { bytesInOutput }]) => bytesInOutput > 0),
  );
  const folders = new Set(carried.flatMap(([path]) => packageFolder(path) ?? []));
  // One version may lie in several folders.
  const entries = new Map(await Promise.all([...folders].map((folder) => entryOf(join(root, folder)))));
  const texts = [...entries].sort(([a], [b]) => (a < b ? -1 : 1)).map(([title, text]) => `${title}\n\n${text}`);
  const line = `\n\n${"-".repeat(80)}\n\n`;
  return `This package carries code of the packages below, each under its own licence.${line}${texts.join(line)}\n`;
}

/** The folder of the package that a path belongs to, the innermost one; undefined for the project's own files. */
export function packageFolder(path: string): string | undefined {
  return /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(path)?.[0];
}

async function entryOf(folder: string): Promise<readonly [title: string, text: string]> {
  const {
    name,
    version,
    license = "see below",
  } = JSON.parse(await readFile(join(folder, "package.json"), "utf8")) as Manifest;
  const files = (await readdir(folder)).filter((file) => LICENCE_FILE.test(file) || NOTICE_FILE.test(file)).sort();
  const texts = await Promise.all(
    files.map(async (file) => (await readFile(join(folder, file), "utf8")).trim().replaceAll("\r\n", "\n")),
  );
  return [
    `${name} ${version} (${license})`,
    texts.length === 0 ? `Licensed under ${license}; the package holds no licence text.` : texts.join("\n\n"),
  ];
}
