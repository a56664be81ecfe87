/**
 * Whoever edits a table under openapi/ and runs `generate` sees its effect, or is told which command has it;
 * a slip ends with file, line and what is known there. On a project with a document of three operations.
 */
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { generate } from "../../codegen/generate.ts";
import { readInputs } from "../../codegen/inputs.ts";
import { TableError } from "../../codegen/read/tables.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const GET = "get: { responses: { '200': { description: '' } } }";
const HEAD = "openapi: 3.0.0\ninfo: { title: x, version: '1' }\n";
const NO_ACTIONS = "overlay: 1.0.0\ninfo: {}\nactions: []\n";
const SMALL = {
  "overlay.yaml": NO_ACTIONS,
  "composites.yaml": "{}\n",
  "portkey/overlay.yaml": NO_ACTIONS,
  "portkey/drafts.yaml": `${HEAD}paths: {}\n`,
  "portkey/document.yaml":
    `${HEAD}paths:\n  /configs:\n    ${GET}\n  /configs/{slug}:\n    ${GET}\n  /gears:\n    ${GET}\n` +
    "x-inference: [GET /audio]\n",
  "portkey/facts.yaml": `${HEAD}paths: {}\n`,
};

let project = "";
beforeAll(async () => {
  project = await mkdtemp(join(tmpdir(), "portkey-edits-"));
  await cp(join(root, "openapi"), join(project, "openapi"), { recursive: true });
  for (const [file, text] of Object.entries(SMALL)) await writeFile(at(file), text);
  // Requests name tools by the whole document's words.
  await mkdir(at("portkey/curation"), { recursive: true });
  for (const folder of ["requests", "portkey/requests"]) await rm(at(folder), { recursive: true, force: true });
});
afterAll(() => rm(project, { recursive: true, force: true }));

const at = (file: string) => join(project, "openapi", file);

/** Runs `use` while the file holds what `edit` makes of it. */
async function edited<T>(file: string, edit: (text: string) => string, use: () => Promise<T>): Promise<T> {
  const before = await readFile(at(file), "utf8").catch(() => undefined);
  await writeFile(at(file), edit(before ?? ""));
  try {
    return await use();
  } finally {
    if (before === undefined) await rm(at(file));
    else await writeFile(at(file), before);
  }
}

const swap = (from: string | RegExp, to: string) => (text: string) => {
  expect(text).toMatch(from);
  return text.replace(from, to);
};
const generated = (name: string) => readFile(join(project, "generated/portkey", name), "utf8");
const action = (update: string) =>
  swap("actions: []", `actions:\n  - { target: "$.paths['/configs'].get", description: x, ${update} }`);
const TAG = "update: { parameters: [{ name: tag, in: query, schema: { type: string } }] }";
const OWN =
  "COMPOSITE count_configs: { name: count_configs, title: Count configs, description: Counts., domain: configs }\n";

describe("an edit has its effect by generate", () => {
  test.each<[string, (text: string) => string, string, string]>([
    ["overlay.yaml", action(TAG), "manifest.json", '"name":"tag"'],
    ["portkey/overlay.yaml", action(TAG), "manifest.json", '"name":"tag"'],
    ["portkey/drafts.yaml", swap("paths: {}", `paths:\n  /wheels:\n    ${GET}`), "manifest.json", '"path":"/wheels"'],
    ["portkey/document.yaml", swap("/configs:", "/wheels:"), "manifest.json", '"path":"/wheels"'],
    ["portkey/selection.yaml", swap("control: https://api", "control: https://other"), "facts.json", "https://other"],
    ["portkey/moves.yaml", () => "GET /gears: GET /guardrails\n", "manifest.json", '"name":"list_guardrails"'],
    ["portkey/glossary.yaml", () => "common: { fields: Other words }\n", "schemas.json", "Other words"],
    [
      "portkey/curation/configs.yaml",
      () => "GET /configs: { name: other, title: Other, description: Other. }\n",
      "manifest.json",
      '"name":"other"',
    ],
    [
      "curation/configs.yaml",
      swap(/title: List configs/, "title: Other words"),
      "manifest.json",
      '"title":"Other words"',
    ],
    ["glossary.yaml", swap(/^ {2}fields: Comma.*$/m, "  fields: Other words"), "schemas.json", "Other words"],
    ["composites.yaml", () => OWN, "manifest.json", '"name":"count_configs"'],
    ["guardrail-checks.yaml", swap("rule*: text", "other*: text"), "guardrail-checks.json", '"other"'],
  ])("%s", async (file, edit, output, want) => {
    await generate(project, false, "portkey");
    expect(await generated(output)).not.toContain(want);
    await edited(file, edit, () => generate(project, false, "portkey"));
    expect(await generated(output)).toContain(want);
  });

  test("but for facts.yaml, which it writes anew: its head says what to edit instead", async () => {
    await edited("portkey/facts.yaml", swap("title: x", "title: edited"), () => generate(project, false, "portkey"));
    await generate(project, false, "portkey");
    expect(await readFile(at("portkey/facts.yaml"), "utf8")).toMatch(/^# .*drafts\.yaml and overlay\.yaml.*generate/);
  });

  test.each([
    ["tools: /audio", /^tools:.*$/m, "tools: [/audio]"],
    ["inference: GET /configs", /^inference:.*$/m, "inference: [GET /configs]"],
  ])("and for selection.yaml's %s, which an import carries out, as is said", async (told, from, to) => {
    const said = await edited("portkey/selection.yaml", swap(from, to), () => generate(project, false, "portkey"));
    expect(said).toContain(`portkey: selection.yaml: ${told} has its effect with npm run openapi:import`);
  });
});

const under = (name: string, line: string) => swap(name, `${name}\n${line}`);

describe("a slip is told with its file and line", () => {
  test.each<[string, string, (text: string) => string, RegExp]>([
    ["overlay.yaml", "a misspelt member", action("updat: {}"), /:4: actions › 0 › updat: is unknown here; known are/],
    [
      "overlay.yaml",
      "no JSONPath",
      (text) => action("remove: true")(text).replace("$.paths[", "$.paths[["),
      /:4: .*is no JSONPath/,
    ],
    ["overlay.yaml", "no change", action("x-if: $.paths"), /:4: actions › 0: changes nothing/],
    ["portkey/overlay.yaml", "a misspelt member", action("updat: {}"), /:4: .*updat: is unknown here/],
    [
      "portkey/drafts.yaml",
      "a method",
      swap("paths: {}", "paths:\n  /x:\n    gett: {}"),
      /:5: .*gett: is unknown here; known are/,
    ],
    ["portkey/drafts.yaml", "a path", swap("paths: {}", "paths:\n  x:\n    get: {}"), /:4: paths › x: /],
    [
      "portkey/drafts.yaml",
      "an operation's member",
      swap("paths: {}", "paths:\n  /x:\n    get: { responses: {}, parametrs: [] }"),
      /:5: .*parametrs: is unknown here/,
    ],
    [
      "portkey/drafts.yaml",
      "a reference",
      swap("paths: {}", "paths:\n  /x:\n    get:\n      parameters: [{ $ref: '#/a/b' }]\n      responses: {}"),
      /:6: \$ref #\/a\/b points nowhere/,
    ],
    ["portkey/document.yaml", "a misspelt member", swap("paths:", "pahts:"), /:1: paths: is missing/],
    [
      "portkey/document.yaml",
      "a reference",
      swap("get: {", "get: { parameters: [{ $ref: '#/a/b' }],"),
      /:5: \$ref #\/a\/b points nowhere/,
    ],
    ["portkey/facts.yaml", "a misspelt member", swap("paths:", "pahts:"), /:1: paths: is missing/],
    [
      "portkey/selection.yaml",
      "a misspelt member",
      swap(/^tools:/m, "toolz:"),
      /:\d+: toolz: is unknown here; known are/,
    ],
    [
      "portkey/selection.yaml",
      "a composite that there is not",
      (text) => `${text}\nwithout: [cuont_configs]\n`,
      /: without: no tool .*cuont_configs/,
    ],
    ["portkey/selection.yaml", "a base", swap(/^ {2}control:/m, "  contrl:"), /:\d+: bases › control: is missing/],
    ["portkey/moves.yaml", "no operation", () => "GETT configs: GET /a\n", /:1: GETT configs: /],
    ["portkey/glossary.yaml", "a misspelt member", () => "feilds: {}\n", /:1: feilds: is unknown here; known are/],
    [
      "portkey/curation/configs.yaml",
      "a misspelt member",
      () => "GET /configs: { name: a, titel: b }\n",
      /:1: .*titel: is unknown here/,
    ],
    ["curation/configs.yaml", "a method", swap("GET /configs:", "GETT /configs:"), /:\d+: GETT \/configs: /],
    [
      "curation/configs.yaml",
      "a misspelt member",
      swap("  title:", "  titel:"),
      /:\d+: .*titel: is unknown here; known are/,
    ],
    [
      "curation/more.yml",
      "another ending",
      () => "{}\n",
      /more\.yml: is read by nothing; read are files that end in \.yaml/,
    ],
    [
      "glossary.yaml",
      "a misspelt member",
      (text) => `${text}\nfeilds: {}\n`,
      /:\d+: feilds: is unknown here; known are/,
    ],
    ["glossary.yaml", "a name twice", under("fields:", "  twice: a\n  twice: b"), /:\d+: Map keys must be unique/],
    [
      "composites.yaml",
      "a misspelt member",
      () => OWN.replace("title", "titel"),
      /:1: .*titel: is unknown here; known are/,
    ],
    ["composites.yaml", "a head", () => OWN.replace("COMPOSITE", "COMPOSIT"), /:1: COMPOSIT count_configs: /],
    [
      "guardrail-checks.yaml",
      "a type",
      swap("rule*: text", "rule*: txt"),
      /:\d+: default\.regexMatch › rule\*: must be one of/,
    ],
    [
      "overlays.yaml",
      "a name of its own",
      () => "{}\n",
      /overlays\.yaml: is read by nothing; read are .*overlay\.yaml/,
    ],
    [
      "portkey/draft.yaml",
      "a name of its own",
      () => "{}\n",
      /draft\.yaml: is read by nothing; read are .*drafts\.yaml/,
    ],
  ])("%s: %s", async (file, _what, edit, message) => {
    const reading = edited(file, edit, () => readInputs(join(project, "openapi")));
    await expect(reading).rejects.toThrowError(TableError);
    await expect(reading).rejects.toThrowError(message);
    await expect(reading).rejects.toThrowError(at(file));
  });
});

/** What stands for every file of openapi/: tables of a folder are read alike. */
const kindOf = (file: string) =>
  file.replace(/^airs\//, "portkey/").replace(/(curation)\/[\w-]+\.yaml$/, "$1/configs.yaml");

describe("YAML that is broken is told with its file and line", async () => {
  const files = await readdir(join(root, "openapi"), { recursive: true });
  const tables = files.filter((file) => file.endsWith(".yaml") && !file.includes("requests"));
  test.each([...new Set([...tables.map(kindOf), "portkey/moves.yaml"])].sort())("%s", async (file) => {
    const reading = edited(
      file,
      (text) => `${text}\n: [\n`,
      () => readInputs(join(project, "openapi")),
    );
    await expect(reading).rejects.toThrowError(TableError);
    await expect(reading).rejects.toThrowError(new RegExp(`${file}:\\d+: `));
  });
});
