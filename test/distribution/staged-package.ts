/** The package as `npm publish` would send it, made in a folder of its own so that nothing here disturbs build/. */
import { execFile } from "node:child_process";
import { cp, mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { copyBuilt } from "../e2e/build-once.ts";

const ROOT = new URL("../..", import.meta.url).pathname;
const exec = promisify(execFile);

export interface PackedFile {
  readonly path: string;
  readonly size: number;
}

/** Runs npm without this machine's own npm settings and messages. */
export async function npm(args: readonly string[], cwd: string): Promise<{ stdout: string; stderr: string }> {
  return exec("npm", [...args], {
    cwd,
    env: {
      PATH: process.env["PATH"],
      HOME: cwd,
      npm_config_update_notifier: "false",
      npm_config_fund: "false",
      npm_config_audit: "false",
    },
    maxBuffer: 1 << 26,
  });
}

/** The folder, without the package's scripts: what they do is done here, into another place. */
export async function stagePackage(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "package-"));
  const { scripts, ...metadata } = JSON.parse(await readFile(join(ROOT, "package.json"), "utf8")) as {
    scripts: Record<string, string>;
  };
  await writeFile(join(folder, "package.json"), JSON.stringify(metadata, null, 2));
  for (const file of ["README.md", "LICENSE"]) await cp(join(ROOT, file), join(folder, file));
  await copyBuilt(join(folder, "build"));
  const types = (scripts["build:types"] ?? "").replace("build/client.d.ts", join(folder, "build", "client.d.ts"));
  await exec("sh", ["-c", types], {
    cwd: ROOT,
    env: { ...process.env, PATH: `${join(ROOT, "node_modules", ".bin")}:${process.env["PATH"]}` },
  });
  return folder;
}
