/** Temporary folders: the packed bundle installed in one, the clients in another, and a home for them that is empty. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Ran, RunOptions, ClientWorkspace } from "./client.ts";

const ROOT = new URL("../..", import.meta.url).pathname;

/** Only what processes need of this environment, so that no setting or key of the machine's reaches a client. */
export const ENVIRONMENT: Readonly<Record<string, string>> = { PATH: process.env["PATH"] ?? "", LANG: "C.UTF-8" };

export async function makeFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), "portkey-clients-"));
}

/** Packs the project and installs the archive into `folder`, alone. Returns the installed package's folder. */
export async function installBundle(folder: string): Promise<string> {
  await emptyPackage(folder);
  await npm(["pack", "--pack-destination", folder], ROOT);
  const archive = (await readdir(folder)).find((name) => name.endsWith(".tgz"));
  if (archive === undefined) throw new Error("npm pack made no archive");
  await npm(["install", "--no-audit", "--no-fund", `./${archive}`], folder);
  return join(folder, "node_modules", "portkey-admin-mcp");
}

/** Installs `packages` into `folder`; true where npm could. */
export async function installClients(folder: string, packages: readonly string[]): Promise<void> {
  await emptyPackage(folder);
  await npm(["install", "--no-audit", "--no-fund", "--save-exact", ...packages], folder);
}

/** The version of an installed package; undefined where it is not there. */
export async function installedVersion(folder: string, specifier: string): Promise<string | undefined> {
  const name = specifier.replace(/(?<=.)@.*$/, "");
  try {
    return (
      JSON.parse(await readFile(join(folder, "node_modules", name, "package.json"), "utf8")) as { version: string }
    ).version;
  } catch {
    return undefined;
  }
}

export async function openClientWorkspace(folder: string): Promise<ClientWorkspace> {
  const loader = join(folder, "load.mjs");
  // An import is resolved from the file it stands in.
  await writeFile(loader, "export const load = (specifier) => import(specifier);\n");
  const { load } = (await import(pathToFileURL(loader).href)) as { load: (specifier: string) => Promise<unknown> };
  return {
    folder,
    load: async <Module>(specifier: string) => (await load(specifier)) as Module,
    run: (command, args, options) => runIn(folder, command, args, options),
  };
}

async function runIn(
  folder: string,
  command: string,
  args: readonly string[],
  { env, cwd = ".", timeoutMs = 120_000 }: RunOptions = {},
): Promise<Ran> {
  const home = join(folder, "home");
  const place = join(home, cwd);
  await mkdir(place, { recursive: true });
  const bin = join(folder, "node_modules", ".bin");
  const PATH = `${bin}:${dirname(process.execPath)}:${ENVIRONMENT["PATH"]}`;
  return run(command, args, { cwd: place, env: { ...ENVIRONMENT, HOME: home, PATH, ...env }, timeout: timeoutMs });
}

async function npm(args: readonly string[], cwd: string): Promise<void> {
  const { code, stderr } = await run("npm", args, { cwd, env: process.env, timeout: 600_000 });
  if (code !== 0) throw new Error(`npm ${args.slice(0, 2).join(" ")} failed: ${stderr.slice(-2_000)}`);
}

/** `timeout` in milliseconds. */
interface Place {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly timeout: number;
}

async function run(command: string, args: readonly string[], place: Place): Promise<Ran> {
  const child = spawn(command, args, { ...place, stdio: ["ignore", "pipe", "pipe"], killSignal: "SIGKILL" });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => (stdout += chunk));
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => (stderr += chunk));
  const [code] = (await once(child, "close")) as [number | null];
  return { code, stdout, stderr };
}

async function emptyPackage(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "package.json"), '{ "private": true }\n');
}
