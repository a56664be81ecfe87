/**
 * The image's last stage, built by buildah upon a base made of this machine's Node, and started from its own
 * configuration in a file system that cannot be written. The stage that bundles is what `npm run build` does anyway.
 */
import { execFileSync, spawn, spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { copyBuilt } from "../e2e/build-once.ts";
import { freePort } from "../free-port.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

function whyNot(): string | undefined {
  if (process.getuid?.() !== 0) return "only root can mount an image";
  if (spawnSync("buildah", ["--version"]).status !== 0) return "buildah is not installed";
  return undefined;
}

const why = whyNot();

interface ImageConfig {
  readonly User: string;
  readonly Env: readonly string[];
  readonly Entrypoint: readonly string[];
  readonly Cmd?: readonly string[];
  readonly WorkingDir: string;
  readonly Labels: Readonly<Record<string, string>>;
  readonly StopSignal: string;
  readonly Healthcheck: { readonly Test: readonly string[] };
}

describe.skipIf(why !== undefined)(`the image${why === undefined ? "" : ` (skipped: ${why})`}`, () => {
  let work: string;
  let root: string;
  let config: ImageConfig;
  let size: number;
  const running = new Set<ChildProcess>();

  const buildah = (...args: string[]): string =>
    execFileSync(
      "buildah",
      ["--root", join(work, "storage"), "--runroot", join(work, "run"), "--storage-driver", "vfs", ...args],
      { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] },
    ).trim();

  beforeAll(async () => {
    work = mkdtempSync(join(tmpdir(), "image-"));
    makeBase(join(work, "base"));
    const base = buildah("from", "scratch");
    buildah("copy", base, join(work, "base"), "/");
    buildah("commit", base, "docker.io/library/node:24-slim");
    await copyBuilt(join(work, "bundle/app/build"));
    const options = ["--format", "docker", "--pull-never", "--build-context", `build=${join(work, "bundle")}`];
    // The stage before is given as it would come out, and takes minutes.
    const [head = "", , last = ""] = readFileSync(join(ROOT, "Dockerfile"), "utf8").split(/^(?=FROM )/m);
    writeFileSync(join(work, "Dockerfile"), head + last);
    buildah("bud", ...options, "--build-arg", "REVISION=abc", "-f", join(work, "Dockerfile"), "-t", "made", ROOT);
    const container = buildah("from", "--pull-never", "localhost/made");
    const inspected = JSON.parse(buildah("inspect", "--type", "image", "localhost/made")) as {
      readonly Docker: { readonly config: ImageConfig };
    };
    config = inspected.Docker.config;
    const mounted = buildah("mount", container);
    size = Number(execFileSync("du", ["-sb", join(mounted, "app")], { encoding: "utf8" }).split("\t")[0]);
    root = join(work, "root");
    mkdirSync(root);
    execFileSync("mount", ["--bind", mounted, root]);
    execFileSync("mount", ["-o", "remount,ro,bind", root]);
  }, 120_000);
  afterAll(() => {
    for (const child of running) child.kill("SIGKILL");
    spawnSync("umount", ["-l", root]);
    spawnSync("buildah", ["--root", join(work, "storage"), "--runroot", join(work, "run"), "rm", "-a"]);
    rmSync(work, { recursive: true, force: true });
  });

  /** Runs the image's entry point with `args` as its user. */
  function start(args: readonly string[], env: Readonly<Record<string, string>> = {}): ChildProcess {
    const settings = [...config.Env, ...Object.entries(env).map(([name, value]) => `${name}=${value}`)];
    const command = [...config.Entrypoint, ...(args.length > 0 ? args : (config.Cmd ?? []))];
    const child = spawn("chroot", [`--userspec=${config.User}`, root, "/usr/bin/env", "-i", ...settings, ...command], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    running.add(child);
    return child;
  }

  async function outputOf(child: ChildProcess): Promise<{ text: string; code: number | null }> {
    let text = "";
    child.stdout?.on("data", (chunk: Buffer) => (text += chunk.toString()));
    child.stderr?.on("data", (chunk: Buffer) => (text += chunk.toString()));
    const [code] = (await once(child, "close")) as [number | null];
    return { text, code };
  }

  test("says what it is, and runs as a number that is not root's", () => {
    expect(config).toMatchObject({ User: "1000:1000", StopSignal: "SIGTERM", WorkingDir: "/app" });
    expect(config.Labels).toMatchObject({
      "org.opencontainers.image.title": "portkey-admin-mcp",
      "org.opencontainers.image.licenses": "MIT",
      "org.opencontainers.image.version": expect.stringMatching(/^\d+\.\d+\.\d+$/),
      "org.opencontainers.image.revision": "abc",
    });
    expect(config.Labels["org.opencontainers.image.version"]).toBe(
      (JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { version: string }).version,
    );
  });

  test("adds less than 15 MB to Node, and nothing but the bundle", () => {
    expect(size).toBeLessThan(15_000_000);
    expect(existsSync(join(root, "app/node_modules"))).toBe(false);
    expect(existsSync(join(root, "app/src"))).toBe(false);
  });

  test.each<[string, string[], RegExp, number]>([
    ["--help", ["--help"], /Usage: portkey-admin-mcp/, 0],
    ["doctor, which finds what keeps it from serving", ["doctor", "--sandbox"], /WRONG .*MCP_AUTH_MODE is none/, 1],
    ["a command that there is none of", ["sreve"], /"sreve" is not a command/, 2],
    ["none, and nobody is asked who calls", [], /MCP_AUTH_MODE is none/, 2],
  ])("docker run with %s", async (_title, args, text, code) => {
    const ended = await outputOf(start(args));
    expect(ended.text).toMatch(text);
    expect(ended.code).toBe(code);
  });

  test.each<[string, string[]]>([
    ["without a command", ["--sandbox"]],
    ["with http", ["http", "--sandbox"]],
  ])("serves %s, is healthy by its own check, and ends on its stop signal", async (_title, args) => {
    const port = await freePort();
    const env = { MCP_PORT: String(port), MCP_AUTH_MODE: "bearer", MCP_AUTH_TOKEN: "0123456789abcdef" };
    const server = start(args, env);
    const ended = outputOf(server);
    await listening(server);
    expect((await fetch(`http://127.0.0.1:${port}/ready`)).status).toBe(200);
    const [kind, ...check] = config.Healthcheck.Test;
    expect(kind).toBe("CMD");
    const probe = (at: number) =>
      spawnSync("chroot", [root, "/usr/bin/env", "-i", ...config.Env, `MCP_PORT=${at}`, ...check]).status;
    expect([probe(port), probe(1)]).toEqual([0, 1]);
    server.kill(config.StopSignal as NodeJS.Signals);
    expect((await ended).code).toBe(0);
  });
});

async function listening(server: ChildProcess): Promise<void> {
  let text = "";
  await new Promise<void>((resolve, reject) => {
    server.stderr?.on("data", (chunk: Buffer) => {
      text += chunk.toString();
      if (text.includes('"msg":"listening"')) resolve();
    });
    server.once("close", () => reject(new Error(text)));
  });
}

/** A root file system with this machine's Node, `env`, and the libraries that they load. */
function makeBase(folder: string): void {
  const programs = new Map([
    [process.execPath, "/usr/local/bin/node"],
    ["/usr/bin/env", "/usr/bin/env"],
  ]);
  for (const [from, to] of programs) copy(from, join(folder, to));
  for (const program of programs.keys()) {
    const libraries = execFileSync("ldd", [program], { encoding: "utf8" }).matchAll(/(\/\S+) \(0x/g);
    for (const [, library = ""] of libraries) copy(library, join(folder, library));
  }
  mkdirSync(join(folder, "tmp"), { recursive: true });
}

function copy(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  cpSync(from, to, { dereference: true });
}
