/** The weekly workflow's steps in a scratch repository, on an older document: what its branch holds. */
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { parse, stringify } from "yaml";
import { root, scratchProject } from "./scratch-project.ts";

const { folder, rm } = scratchProject();
afterAll(rm);

const run = (command: string, ...args: string[]) => execFileSync(command, args, { cwd: folder, encoding: "utf8" });

/** The copy as a repository of its own with one commit. */
function commitAll(): void {
  run("git", "init", "--quiet", "--initial-branch=main");
  run("git", "config", "user.name", "test");
  run("git", "config", "user.email", "test@example.com");
  writeFileSync(join(folder, ".git/info/exclude"), "node_modules\n");
  run("git", "add", "--all");
  run("git", "commit", "--quiet", "-m", "Before");
}

test("the branch holds everything that the import writes, and is not behind", { timeout: 120_000 }, () => {
  commitAll();
  const document = parse(readFileSync(join(root, "openapi/portkey/document.yaml"), "utf8")) as {
    paths: Record<string, unknown>;
  };
  document.paths["/gadgets"] = { get: { responses: { 200: { description: "" } } } };
  delete document.paths["/collections"];
  const source = join(folder, ".git/older.yaml");
  writeFileSync(source, stringify(document));

  run("git", "checkout", "--quiet", "-B", "regenerate-tools");
  const told = run(join(root, "node_modules/.bin/tsx"), "scripts/regenerate.ts", source, "--no-tests");
  expect(told).toContain("`list_gadgets` added: GET /gadgets");
  expect(told).toContain("**breaking**");
  expect(told).toContain("Tests: not run.");
  expect(told).not.toContain("Failed");

  const changed = run("git", "diff", "--name-only", "main", "regenerate-tools").split("\n");
  for (const file of [
    "README.md",
    "openapi/portkey/document.yaml",
    "openapi/portkey/facts.yaml",
    "openapi/portkey/CHANGELOG.md",
    "generated/portkey/manifest.json",
    "generated/portkey/TOOLS.md",
    "test/snapshots/list_gadgets.json",
  ])
    expect(changed).toContain(file);
  expect(run("git", "status", "--porcelain")).toBe("");
  expect(run("npm", "run", "--silent", "generate", "--", "--check", "--edition", "portkey").trim()).toBe("");
});
