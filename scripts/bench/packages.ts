/**
 * The two packages under comparison, as npm installs them: this project's packed tarball and the published baseline.
 */
import { execFile } from "node:child_process";
import { access, cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { buildTo } from "../build.ts";
import type { BenchWorkspace } from "./workspace.ts";

export const BASELINE = "portkey-admin-mcp@0.12.0";

const NAME = "portkey-admin-mcp";
const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const run = promisify(execFile);

export interface Installed {
  /** The installed package. */
  readonly folder: string;
  readonly tarball: string;
  readonly packedBytes: number;
  readonly unpackedBytes: number;
  readonly files: number;
  /** With its dependencies and theirs. */
  readonly packages: number;
}

export interface Packages {
  readonly ours: Installed;
  readonly baseline: Installed;
}

/** Packs and installs both; the project's own build/ is left alone. */
export async function installPackages(workspace: BenchWorkspace): Promise<Packages> {
  workspace.say("building, packing and installing this project's package");
  const ours = await install(workspace, "ours", await pack(workspace, "ours", await stage(workspace)));
  workspace.say(`installing ${BASELINE}`);
  const baseline = await install(workspace, "baseline", await pack(workspace, "baseline", BASELINE));
  return { ours, baseline };
}

/** A copy of what belongs into the package, built afresh. */
async function stage(workspace: BenchWorkspace): Promise<string> {
  const folder = join(workspace.folder, "stage");
  await mkdir(folder);
  const { files, ...metadata } = JSON.parse(await readFile(join(ROOT, "package.json"), "utf8")) as {
    files: string[];
    scripts?: object;
  };
  await writeFile(join(folder, "package.json"), JSON.stringify({ ...metadata, files, scripts: {} }));
  await buildTo(join(folder, "build"));
  for (const name of ["README.md", "LICENSE", ...files]) {
    const exists = await access(join(ROOT, name)).then(
      () => true,
      () => false,
    );
    if (exists && name !== "build") await cp(join(ROOT, name), join(folder, name), { recursive: true });
  }
  return folder;
}

interface Packed {
  readonly filename: string;
  readonly size: number;
  readonly unpackedSize: number;
  readonly entryCount: number;
}

/** `spec` is a folder or a published version. */
async function pack(
  workspace: BenchWorkspace,
  who: string,
  spec: string,
): Promise<Packed & { readonly tarball: string }> {
  const folder = join(workspace.folder, `${who}-tarball`);
  await mkdir(folder);
  const { stdout } = await run("npm", ["pack", spec, "--json", "--ignore-scripts", "--pack-destination", folder], {
    cwd: folder,
  });
  const answer = JSON.parse(stdout) as Packed[] | Record<string, Packed>;
  const packed = Object.values(answer)[0] as Packed;
  return { ...packed, tarball: join(folder, packed.filename) };
}

async function install(
  workspace: BenchWorkspace,
  who: string,
  { tarball, size, unpackedSize, entryCount }: Awaited<ReturnType<typeof pack>>,
): Promise<Installed> {
  const folder = join(workspace.folder, who);
  await mkdir(folder);
  await writeFile(join(folder, "package.json"), JSON.stringify({ private: true }));
  await run("npm", ["install", tarball, "--no-audit", "--no-fund", "--ignore-scripts"], { cwd: folder });
  const lock = JSON.parse(await readFile(join(folder, "node_modules/.package-lock.json"), "utf8")) as {
    packages: object;
  };
  return {
    folder: join(folder, "node_modules", NAME),
    tarball,
    packedBytes: size,
    unpackedBytes: unpackedSize,
    files: entryCount,
    packages: Object.keys(lock.packages).length,
  };
}
