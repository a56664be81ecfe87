/** The packed archive: what is in it, and that it works from an empty folder, alone. */
import { execFile } from "node:child_process";
import { mkdir, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import metadata from "../../package.json" with { type: "json" };
import { npm, stagePackage, type PackedFile } from "./staged-package.ts";

const exec = promisify(execFile);
const LIMIT_BYTES = 2 * 1024 * 1024;
const ARCHIVE = `${metadata.name}-${metadata.version}.tgz`;

let staged = "";
let empty = "";
let files: readonly PackedFile[] = [];

beforeAll(async () => {
  staged = await stagePackage();
  const { stdout } = await npm(["pack", "--json"], staged);
  files = (JSON.parse(stdout) as { files: PackedFile[] }[])[0]?.files ?? [];
  empty = join(staged, "empty");
  await mkdir(empty);
  await writeFile(join(empty, "package.json"), '{ "private": true, "type": "module" }');
  await npm(["install", `../${ARCHIVE}`], empty);
}, 120_000);
afterAll(() => rm(staged, { recursive: true, force: true }));

const run = (command: string, ...args: string[]) =>
  exec(command, args, { cwd: empty, env: { PATH: process.env["PATH"], HOME: empty } });

describe("the archive", () => {
  test("is at most 2 MB", async () => {
    expect((await stat(join(staged, ARCHIVE))).size).toBeLessThanOrEqual(LIMIT_BYTES);
  });

  test("holds the bundle, its licences, and nothing of the project's own sources", () => {
    const paths = files.map(({ path }) => path);
    expect(paths).toEqual(
      expect.arrayContaining([
        "LICENSE",
        "README.md",
        "package.json",
        "build/index.js",
        "build/server.js",
        "build/client.js",
        "build/client.d.ts",
        "build/THIRD-PARTY-LICENSES.txt",
      ]),
    );
    expect(
      paths.filter(
        (path) => !/^(LICENSE|README\.md|package\.json|build\/(chunks\/)?[\w.-]+\.(js|txt|d\.ts))$/.test(path),
      ),
    ).toEqual([]);
  });

  test("holds every file that package.json names", () => {
    const { types, default: client } = metadata.exports["./client"];
    const named = [...Object.values(metadata.bin), types, client].map((path) => path.replace("./", ""));
    expect(named.filter((path) => !files.some((file) => file.path === path))).toEqual([]);
  });

  test("is one that npm publish takes without a correction", async () => {
    const { stderr } = await npm(["publish", "--dry-run"], staged);
    const complaints = stderr.split("\n").filter((line) => /^npm (warn|error)/i.test(line) && !/logged in/.test(line));
    expect(complaints).toEqual([]);
  });
});

describe("installed into an empty folder", () => {
  test("it is one package, with no dependencies", async () => {
    expect((await readdir(join(empty, "node_modules"))).filter((name) => !name.startsWith("."))).toEqual([
      metadata.name,
    ]);
    expect(Object.keys(metadata)).not.toContain("dependencies");
  });

  test.each(Object.keys(metadata.bin))("its bin %s runs", async (bin) => {
    const { stdout } = await run(join(empty, "node_modules", ".bin", bin), "--version");
    expect(stdout).toBe(`${metadata.version}\n`);
  });

  test("npx runs the archive itself", async () => {
    const { stdout } = await npm(
      ["exec", "--yes", "--offline", "--package", `../${ARCHIVE}`, "--", metadata.name, "doctor", "--sandbox"],
      empty,
    );
    expect(stdout).toContain("All is well.");
  }, 60_000);

  test("programs can import its client, and it has types", async () => {
    const { stdout } = await run(
      process.execPath,
      "-e",
      `import("${metadata.name}/client").then((client) => console.log(Object.keys(client).join()))`,
    );
    expect(stdout).toBe("createPortkeyClient\n");
    await writeFile(join(empty, "program.ts"), PROGRAM);
    const tsc = new URL("../../node_modules/typescript/bin/tsc", import.meta.url).pathname;
    const flags = ["--noEmit", "--strict", "--module", "nodenext", "--target", "es2022", "--lib", "es2023,dom"];
    await expect(run(process.execPath, tsc, ...flags, "program.ts")).resolves.toMatchObject({ stdout: "" });
  }, 60_000);
});

/** The second call must not typecheck: it proves that the first one is looked at. */
const PROGRAM = `import { createPortkeyClient } from "${metadata.name}/client";
const portkey = createPortkeyClient({ apiKey: "pk" });
export const { data } = await portkey.GET("/prompts", { params: { query: { page_size: 10 } } });
const { data: prompt, error } = await portkey.GET("/prompts/{promptId}", { params: { path: { promptId: "p" } } });
if (error) throw new Error(error.data?.message ?? "Portkey refused");
export const name: string | undefined = prompt.name;
// @ts-expect-error
export const wrong: number | undefined = prompt.name;
const deleted = await portkey.DELETE("/guardrails/{guardrailId}", { params: { path: { guardrailId: "g" } } });
if (deleted.error) throw new Error("refused");
export const nothing: undefined = deleted.data;
// @ts-expect-error
await portkey.GET("/no-such-path");
`;

test("every package in the bundle has its licence in the file", async () => {
  const text = await readFile(join(empty, "node_modules", metadata.name, "build", "THIRD-PARTY-LICENSES.txt"), "utf8");
  const titles = [...text.matchAll(/^((?:@[\w.-]+\/)?[\w.-]+) \d+\.\d+\.\d+\S* \((.+)\)$/gm)];
  const bundled = [
    "@modelcontextprotocol/sdk",
    "@modelcontextprotocol/server",
    "fastify",
    "ioredis",
    "jose",
    "openapi-fetch",
    "pino",
    "zod",
  ];
  expect(titles.map(([, title]) => title)).toEqual(expect.arrayContaining(bundled));
  expect(
    titles
      .map(([, , licence]) => licence)
      .filter(
        (licence) => !/^(MIT|ISC|Apache-2\.0|BSD-[23]-Clause|0BSD|BlueOak-1\.0\.0|Unlicense)$/.test(licence ?? ""),
      ),
  ).toEqual([]);
});
