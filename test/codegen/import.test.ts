/**
 * Whole imports into a project of their own: from the project's own facts, and from Portkey's documents where they are
 * here.
 */
import { execFile } from "node:child_process";
import { cp, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { parse, stringify } from "yaml";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { diffDocuments } from "../../codegen/diff.ts";
import { importDocument } from "../../codegen/import.ts";
import { SourceError } from "../../codegen/read/load.ts";
import type { ToolRecord } from "../../src/catalog/record.ts";
import { isLong } from "../size.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const api = fileURLToPath(new URL("../../../shared/api/", import.meta.url));
const released = await readdir(join(api, "versions")).then(
  (names) => names.map((name) => join(api, "versions", name)),
  () => [],
);
const version = (date: string) => released.find((path) => path.includes(date)) ?? "";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "portkey-import-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function project(name: string): Promise<string> {
  const path = join(folder, name);
  for (const part of ["openapi", "generated"]) await cp(join(root, part), join(path, part), { recursive: true });
  return path;
}

async function contents(path: string): Promise<Record<string, string>> {
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(
    await Promise.all(files.map(async (file) => [file.slice(path.length), await readFile(file, "utf8")] as const)),
  );
}

/** The typecheck of what reads generated code, against what was generated in `path`. */
async function typecheck(path: string): Promise<string> {
  await cp(join(root, "src"), join(path, "src"), { recursive: true });
  await symlink(join(root, "node_modules"), join(path, "node_modules"));
  const config = JSON.parse(await readFile(join(root, "tsconfig.json"), "utf8")) as object;
  await writeFile(
    join(path, "tsconfig.json"),
    JSON.stringify({ ...config, include: ["generated", "src/client.ts", "src/catalog", "src/portkey"] }),
  );
  await cp(join(root, "package.json"), join(path, "package.json"));
  return promisify(execFile)(join(root, "node_modules/typescript-native/bin/tsc"), ["-p", path]).then(
    ({ stdout }) => stdout,
    (error: { stdout: string }) => error.stdout,
  );
}

test("a document with a hundred operations more is served without a line of code", { timeout: 600_000 }, async () => {
  const path = await project("hundred");
  const facts = parse(await readFile(join(root, "openapi/portkey/document.yaml"), "utf8")) as {
    paths: Record<string, unknown>;
  };
  for (let index = 0; index < 50; index++) {
    const body = {
      required: true,
      content: {
        "application/json": {
          schema: {
            type: "object",
            required: ["name"],
            properties: { name: { type: "string" }, size: { type: "integer" } },
          },
        },
      },
    };
    const responses = { 200: { description: "" } };
    facts.paths[`/gadgets-${index}`] = { post: { requestBody: body, responses } };
    facts.paths[`/gadgets-${index}/{gadgetId}`] = {
      get: { parameters: [{ name: "gadgetId", in: "path", required: true, schema: { type: "string" } }], responses },
    };
  }
  const source = join(path, "document.yaml");
  await writeFile(source, stringify(facts));
  const report = await importDocument({ source, keepProse: false, project: path });
  expect(report.toCurate.filter((at) => at.includes(" /gadgets-"))).toHaveLength(100);
  expect(report.changes.filter(({ kind }) => kind === "added")).toHaveLength(100);
  expect(report.changes.filter(({ kind }) => kind !== "added")).toEqual([]);
  const records = JSON.parse(await readFile(join(path, "generated/portkey/manifest.json"), "utf8")) as ToolRecord[];
  expect(records.find(({ name }) => name === "create_gadgets_7")).toMatchObject({
    domain: "gadgets-7",
    risk: "create",
    method: "POST",
    body: "fields",
  });
});

test(
  "a correction without effect is told, and ends a strict import with nothing written",
  { timeout: 600_000 },
  async () => {
    const path = await project("stale");
    const overlay = join(path, "openapi/airs/overlay.yaml");
    const action = "actions:\n  - target: $.paths['/nope']\n    description: nothing is there\n    remove: true\n";
    await writeFile(overlay, (await readFile(overlay, "utf8")).replace("actions: []\n", action));
    const before = await contents(path);
    // The smaller edition: what is told is the same.
    const given = {
      edition: "airs",
      source: join(root, "openapi/airs/document.yaml"),
      keepProse: false,
      project: path,
    };
    await expect(importDocument({ ...given, strict: true })).rejects.toThrowError(
      /nothing is there: gone: \/nope is not there/,
    );
    expect(await contents(path)).toEqual(before);
    const { staleActions } = await importDocument(given);
    expect(staleActions).toContainEqual({ at: "nothing is there", what: "gone: /nope is not there" });
  },
);

describe.skipIf(released.length === 0)("Portkey's released documents", () => {
  test.each(isLong ? ["2025-04-07", "2026-02-24"] : ["2026-02-24"])(
    "%s imports, generates and typechecks with no edits",
    { timeout: 180_000 },
    async (date) => {
      const path = await project(date);
      const report = await importDocument({ source: version(date), keepProse: false, project: path });
      expect(report.toCurate).toEqual([]);
      expect(report.changes.length).toBeGreaterThan(0);
      expect(await readFile(join(path, "openapi/portkey/CHANGELOG.md"), "utf8")).toContain("**breaking**");
      if (isLong) expect(await typecheck(path)).toBe("");
    },
  );

  const broken: [string, RegExp][] = [
    ["2025-08-27", /spec-2025-08-27.*\.yaml:29004: Map keys must be unique/],
    ["2025-11-18", /spec-2025-11-18.*\.yaml:18984: \$ref #\/components\/schemas\/SuccessResponse points nowhere/],
  ];
  test.each(isLong ? broken : broken.slice(0, 1))(
    "%s is refused with its line, the project untouched",
    { timeout: 300_000 },
    async (date, message) => {
      const path = await project(`broken-${date}`);
      const before = await contents(path);
      const importing = importDocument({ source: version(date), keepProse: false, project: path });
      await expect(importing).rejects.toThrowError(SourceError);
      await expect(importing).rejects.toThrowError(message);
      expect(await contents(path)).toEqual(before);
    },
  );

  test(
    "the step from 2025-04 names the moved paths as renames, and workspace_slug as breaking",
    { timeout: 600_000 },
    async () => {
      const { changes } = await diffDocuments(version("2025-04-07"), version("2026-02-24"), join(root, "openapi"));
      expect(changes.filter(({ kind }) => kind === "renamed").map(({ tool, breaking }) => [tool, breaking])).toEqual([
        ["publish_partial", false],
        ["publish_prompt", false],
      ]);
      expect(changes.filter(({ tool }) => tool === "publish_prompt").map(({ kind }) => kind)).not.toContain("removed");
      expect(changes).toContainEqual({
        kind: "newly required",
        tool: "get_cost_analytics",
        what: "workspace_slug",
        breaking: true,
      });
    },
  );
});
