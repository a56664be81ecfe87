/** CONTRIBUTING's recipes, followed in a copy of the project: the files they name are all there is to touch. */
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { generate } from "../../codegen/generate.ts";
import { scratchProject } from "../codegen/scratch-project.ts";

type Json = Record<string, unknown>;

const DESCRIPTION = "List the marks that prompt versions can carry.";

const FACT = `  - target: $.paths['/labels'].get
    description: It can be told how to order
    update:
      parameters:
        - { name: order, in: query, schema: { type: string, enum: [asc, desc] } }
`;

const ROW = `
COMPOSITE list_stale_prompts:
  name: list_stale_prompts
  title: List stale prompts
  description: List prompts that nobody has changed for some days.
  domain: prompts
  risk: read
  scopes: prompts.list
  key: any
  keywords: [old prompts]
  calls: [list_prompts]
  arguments:
    type: object
    properties:
      days: { type: integer, minimum: 1, description: Days without a change }
    required: [days]
  output:
    type: object
    properties:
      prompts: { type: array, items: { type: string } }
`;

const FILE = `/** list_stale_prompts: those that nobody has changed for so many days. */
import { filterObjects, asText } from "../values/portkey-values.ts";
import type { Composite } from "../composite.ts";

export const composite: Composite<"list-stale-prompts"> = async ({ days }, context) => {
  const before = Date.now() + 1_000 - days * 86_400_000;
  const rows = filterObjects(await context.callAll("list_prompts", {}));
  const stale = rows.filter((row) => Date.parse(asText(row["last_updated_at"]) ?? "") < before);
  return { prompts: stale.map((row) => asText(row["name"])), of: rows.length, days: days.toFixed(0) };
};
`;

const SETTING = `  PORTKEY_STALE_DAYS: setting(integer(1, 365), 30, "Days after which a prompt is stale", {
    to: "staleDays",
  }),
  LOG_LEVEL:`;

/** What a person would try afterwards, in the copy. */
const TRIAL = `
import { loadConfig } from "./src/config/load-config.ts";
import { startSandboxServer } from "./test/composites/sandbox-server.ts";

const start = { sandbox: true, needsKey: false };
const { staleDays } = loadConfig({ env: { PORTKEY_STALE_DAYS: "7" }, flags: {} }, [], start);
const days: number = staleDays;
const server = await startSandboxServer();
const { body } = await server.call("list_stale_prompts", { days });
const refused = await server.call("list_stale_prompts", { days: "x" });
await server.close();
process.stdout.write(JSON.stringify({ days, body, refused: refused.text }));
`;

const project = scratchProject();
afterAll(project.rm);

const path = (name: string) => join(project.folder, name);
const read = (name: string) => readFileSync(path(name), "utf8");
const write = (name: string, text: string) => writeFileSync(path(name), text);
const append = (name: string, text: string) => write(name, read(name) + text);
const run = (command: string, ...args: string[]) =>
  execFileSync(path(`node_modules/.bin/${command}`), args, { cwd: project.folder, encoding: "utf8" });

beforeAll(async () => {
  const labels = read("openapi/curation/labels.yaml");
  const [, old] = /description: (List the labels .*)\n/.exec(labels) as unknown as [string, string];
  write("openapi/curation/labels.yaml", labels.replace(old, DESCRIPTION));
  append("openapi/portkey/overlay.yaml", FACT);
  append("openapi/composites.yaml", ROW);
  write("src/composites/tools/list-stale-prompts.ts", FILE);
  write("src/config/settings.ts", read("src/config/settings.ts").replace("  LOG_LEVEL:", SETTING));
  write("trial.ts", TRIAL);
  await generate(project.folder, false, "portkey");
}, 120_000);

interface Generated {
  readonly name: string;
  readonly description: string;
  readonly arguments: readonly { readonly name: string }[];
}
const recordOf = (name: string) =>
  (JSON.parse(read("generated/portkey/manifest.json")) as Generated[]).find((record) => record.name === name);

test("a description is what a model sees", () => {
  expect(recordOf("list_prompt_labels")?.description).toBe(DESCRIPTION);
});

test("a wrong fact is corrected by its action alone", () => {
  expect(recordOf("list_prompt_labels")?.arguments.map(({ name }) => name)).toContain("order");
  expect(read("openapi/portkey/facts.yaml")).toContain("name: order");
});

describe("a composite, which is a row and a file, and a setting, which is a row", () => {
  let told: { days: number; body: Json; refused: string };
  beforeAll(() => {
    told = JSON.parse(run("tsx", "trial.ts")) as typeof told;
  }, 60_000);

  test("the composite is called", () => {
    expect(told.body).toMatchObject({ days: "7", of: expect.any(Number) as number });
    expect(told.body["of"]).toBeGreaterThan(0);
  });

  test("its arguments are checked against its row", () => {
    expect(told.refused).toContain("days");
  });

  test("the setting is a member of the configuration", () => {
    expect(told.days).toBe(7);
  });
});
