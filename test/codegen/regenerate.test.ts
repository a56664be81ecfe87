/** The weekly workflow's steps in a scratch repository, on an older document: what its branch holds. */
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { parse, stringify } from "yaml";
import { commitAll, root, scratchProject } from "./scratch-project.ts";

const { folder, rm } = scratchProject();
afterAll(rm);

const run = (command: string, ...args: string[]) => execFileSync(command, args, { cwd: folder, encoding: "utf8" });

/** Lets an edition's selection name this file as what its owner publishes. */
function publish(edition: string, file: string): void {
  const path = join(folder, "openapi", edition, "selection.yaml");
  writeFileSync(path, readFileSync(path, "utf8").replace(/^published: .*$/m, `published: ${file}`));
}

test("the branch holds everything that the import writes, and is not behind", { timeout: 600_000 }, () => {
  const document = parse(readFileSync(join(root, "openapi/portkey/document.yaml"), "utf8")) as {
    paths: Record<string, unknown>;
  };
  document.paths["/gadgets"] = { get: { responses: { 200: { description: "" } } } };
  delete document.paths["/collections"];
  const [source, airs] = [join(folder, "older.yaml"), join(folder, "older-airs.yaml")];
  writeFileSync(source, stringify(document));
  const other = parse(readFileSync(join(root, "openapi/airs/document.yaml"), "utf8")) as typeof document;
  const servers = [{ url: "https://api.apps.paloaltonetworks.com/ai_gw/v2" }];
  other.paths["/widgets"] = { servers, get: { responses: { 200: { description: "" } } } };
  writeFileSync(airs, stringify(other));

  // What each edition's owner publishes is read from here, so that nothing leaves the machine.
  publish("portkey", source);
  publish("airs", airs);
  commitAll(folder);

  run("git", "checkout", "--quiet", "-B", "regenerate-tools");
  const told = run(join(root, "node_modules/.bin/tsx"), "scripts/regenerate.ts", "--no-tests");
  const [ofAirs = "", ofPortkey = ""] = told.split("## portkey");
  expect(ofAirs).toContain("## airs");
  expect(ofAirs).toContain("`list_widgets` added: GET /widgets");
  expect(ofPortkey).toContain("`list_gadgets` added: GET /gadgets");
  expect(told).toContain("**breaking**");
  expect(told).toContain("Tests: not run.");
  expect(told).not.toContain("Failed");

  const changed = run("git", "diff", "--name-only", "main", "regenerate-tools").split("\n");
  const written = [
    "README.md",
    "openapi/portkey/document.yaml",
    "openapi/portkey/facts.yaml",
    "openapi/portkey/CHANGELOG.md",
    "generated/portkey/manifest.json",
    "generated/portkey/TOOLS.md",
    "test/snapshots/list_gadgets.json",
    "openapi/airs/CHANGELOG.md",
    "generated/airs/manifest.json",
  ];
  expect(changed).toEqual(expect.arrayContaining(written));
  expect(run("git", "status", "--porcelain")).toBe("");
  expect(run("npm", "run", "--silent", "generate", "--", "--check", "--edition", "portkey").trim()).toBe("");
});

test("a document that cannot be imported is told, and keeps the others nothing", { timeout: 600_000 }, () => {
  run("git", "checkout", "--quiet", "-B", "again", "main");
  writeFileSync(join(folder, "older-airs.yaml"), "paths: [\n");
  const told = run(join(root, "node_modules/.bin/tsx"), "scripts/regenerate.ts", "--no-tests");
  expect(told).toMatch(/## airs\n\nNot imported, it is as it was: .*older-airs\.yaml:\d+/);
  expect(told).toContain("`list_gadgets` added");
});
