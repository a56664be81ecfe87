import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { call, INITIALIZE, useBuiltServer } from "../e2e/built-server.ts";

const server = useBuiltServer();
let folder = "";
const file = (text: string): string => {
  const path = join(folder, `${Math.random()}.yaml`);
  writeFileSync(path, text);
  return path;
};
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "seed-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("the sandbox starts with what the file names, and keeps the rest", async () => {
  const seed = file("resources:\n  /labels:\n    - { slug: blue, name: blue }\n");
  const running = server.start(["--sandbox", "--seed", seed]);
  running.send(INITIALIZE, call(1, "list_prompt_labels"), call(2, "list_workspaces"));
  const text = async (id: number) => JSON.stringify(await running.answer(id));
  expect(await text(1)).toMatch(/blue/);
  expect(await text(1)).not.toMatch(/candidate/);
  expect(await text(2)).toMatch(/production/);
  await running.end();
});

test("the command sandbox takes it as well, as a variable", async () => {
  const running = server.start(["sandbox"], {
    PORTKEY_SANDBOX_SEED: file('{"resources":{"/labels":[{"slug":"blue","name":"blue"}]}}'),
  });
  let printed = "";
  running.process.stdout.on("data", (chunk: Buffer) => (printed += chunk.toString()));
  await new Promise<void>((resolve) =>
    running.process.stdout.on("data", () => printed.includes("INSECURE") && resolve()),
  );
  const value = (name: string) => new RegExp(`^${name}=(.*)$`, "m").exec(printed)?.[1] ?? "";
  const labels = await fetch(`${value("PORTKEY_BASE_URL")}/labels`, {
    headers: { "x-portkey-api-key": value("PORTKEY_API_KEY") },
  });
  expect(await labels.text()).toContain("blue");
  expect(await running.stop()).toMatchObject({ code: 0 });
});

test.each([
  [
    "a file that is not there",
    "--sandbox",
    "/nowhere/seed.json",
    /^portkey-admin-mcp: --seed: cannot read "\/nowhere\/seed\.json" \(ENOENT\)\.\n$/,
  ],
  ["no object", "sandbox", "- a list\n", /\.yaml, line 1: the file: must be an object, not a list\.\n$/],
  ["broken YAML", "--sandbox", "resources: [\n", /^(portkey-admin-mcp: --seed: \S+\.yaml, line \d+: [^\n]+\n)+$/],
  [
    "an unknown collection",
    "sandbox",
    "resources: { /labls: [] }\n",
    /"\/labls", which is no collection of the API; the closest is \/labels/,
  ],
  [
    "a number for a name",
    "sandbox",
    "resources:\n  /labels:\n    - { name: 5 }\n",
    /^portkey-admin-mcp: \S+: \S+\.yaml, line 3: resources\.\/labels\[0\]\.name: must be a text, not 5\.\n$/,
  ],
])("%s is told with its place, and exit code 2", async (_title, command, text, want) => {
  const path = text.startsWith("/") ? text : file(text);
  const { code, stdout, stderr } = await server.start([command, "--seed", path]).end();
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toMatch(want);
});
