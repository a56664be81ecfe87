/**
 * The branch that an import makes: the tests pass on it, and what is left to a person is listed apart. On a document
 * with two new operations, new fields of an old one, an operation less, and a fault that a correction is for mended.
 */
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parse, stringify } from "yaml";
import type { Document, Schema } from "../../codegen/read/document.ts";
import { commitAll, root, scratchProject } from "./scratch-project.ts";

const timeout = 600_000;
const { folder, rm } = scratchProject();
afterAll(rm);

function run(command: string, ...args: string[]) {
  const env = { ...process.env, NO_COLOR: "1", FORCE_COLOR: undefined, VITEST: undefined };
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: folder, encoding: "utf8", env });
  return { status, told: `${stdout}${stderr}` };
}

const TEXT = { type: "string" };
const responses = { 200: { description: "" } };
const query = (name: string, schema: Schema) => ({ name, in: "query", schema });
const NEW_FIELDS = {
  name: TEXT,
  spend_limit: { type: "number" },
  reset_interval: { type: "integer", nullable: true },
  owner_id: TEXT,
  webhook_url: TEXT,
  api_key: TEXT,
};
const BUDGETS = {
  get: {
    parameters: [
      ...["team_id", "workspace_id", "callback_url"].map((name) => query(name, TEXT)),
      ...["current_page", "page_size"].map((name) => query(name, { type: "integer" })),
    ],
    responses,
  },
  post: {
    requestBody: { content: { "application/json": { schema: { type: "object", properties: NEW_FIELDS } } } },
    responses,
  },
};

/** The project's own document, as the API's owner may go on with it. */
function nextDocument(): Document {
  const document = parse(readFileSync(join(root, "openapi/portkey/document.yaml"), "utf8")) as Document;
  document.paths["/budgets"] = BUDGETS;
  const collection = document.paths["/collections/{collectionId}"]?.put?.requestBody?.content?.["application/json"];
  Object.assign(collection?.schema?.properties ?? {}, { budget_id: { ...TEXT, nullable: true }, workspace_id: TEXT });
  delete document.paths["/mcp-servers/{mcpServerId}"]?.delete;
  for (const { schema } of document.paths["/admin/workspaces/{workspaceId}/users"]?.get?.parameters ?? [])
    delete schema?.["default"];
  return document;
}

beforeAll(() => {
  commitAll(folder);
  const source = join(folder, "next.yaml");
  writeFileSync(source, stringify(nextDocument()));
  const { status, told } = run(join(root, "node_modules/.bin/tsx"), "scripts/regenerate.ts", "--no-tests", source);
  expect(status, told).toBe(0);
}, timeout);

/** What goes through all tools, all texts or all corrections; the other tests are about single ones. */
const OVER_ALL = [
  "test/catalog-search",
  "test/codegen/editions.test.ts",
  "test/codegen/import.test.ts",
  "test/codegen/next-document.test.ts",
  "test/docs/names.test.ts",
  "test/generated",
  "test/portkey/keys",
  "test/portkey/next-steps.test.ts",
  "test/sandbox/every-operation.test.ts",
];

test("the tests over all tools pass", { timeout }, () => {
  const { status, told } = run("npx", "vitest", "run", "--project", "shared", ...OVER_ALL);
  expect(status, told).toBe(0);
});

test(
  "what is left to a person is listed, each with its file, and what else to look at fails beside it",
  { timeout },
  () => {
    const { status, told } = run("npm", "run", "test:curation");
    expect(status).toBe(1);
    const lines = told.split("\n");
    const listed = lines
      .filter((line) => line.startsWith("to curate: "))
      .map((line) => line.slice("to curate: ".length));
    expect([...new Set(listed)].sort()).toEqual(
      [
        "GET /budgets (list_budgets): a row with its words (openapi/curation/budgets.yaml)",
        "GET /budgets (list_budgets): first_page (openapi/curation/budgets.yaml)",
        "GET /budgets (list_budgets): requests (openapi/requests/budgets.yaml)",
        "GET /budgets (list_budgets): a row (test/curation/keys.txt)",
        "GET /budgets (list_budgets): texts for team_id, callback_url (openapi/glossary.yaml)",
        "POST /budgets (create_budget): a row with its words (openapi/curation/budgets.yaml)",
        "POST /budgets (create_budget): requests (openapi/requests/budgets.yaml)",
        "POST /budgets (create_budget): a row (test/curation/keys.txt)",
        "POST /budgets (create_budget): texts for spend_limit, reset_interval, owner_id, webhook_url " +
          "(openapi/glossary.yaml)",
        "update_collection: texts for budget_id (openapi/glossary.yaml)",
        "delete_mcp_server (DELETE /mcp-servers/{mcpServerId}): the document has it no more " +
          "(openapi/curation/mcp-servers.yaml)",
        "delete_mcp_server: no tool at present (test/curation/keys.txt)",
        "The defaults of a workspace's member pages are swapped: a correction without effect: mended: default " +
          "is not there any more (openapi/portkey/overlay.yaml)",
      ].sort(),
    );
    const failed = lines.flatMap((line) => /^ FAIL .*test\/curation\/([\w-]+)\.test\.ts/.exec(line)?.[1] ?? []);
    expect([...new Set(failed)].sort()).toEqual([
      "addresses",
      "first-pages",
      "keys",
      "left-to-do",
      "names",
      "text-rules",
      "texts-by-place",
    ]);
  },
);
