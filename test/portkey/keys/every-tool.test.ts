/**
 * Every tool with both keys: which goes out where nothing is named, in the key's own workspace, in another, and for the
 * organisation. The table is `every-tool.txt`, one line a tool; a difference is a change of what a company's keys do.
 */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { loadCatalogue } from "../../main-catalogue.ts";
import type { Argument, ToolRecord } from "../../../src/catalog/record.ts";
import { createKeyChooser } from "../../../src/portkey/keys/choose-key.ts";
import { context, portkeyAt } from "../records.ts";
import { json, startUpstream } from "../upstream.ts";

const { records } = loadCatalogue();
const credentials = { workspaceKey: "wk", adminKey: "ak" };
const chooser = createKeyChooser(records, async (record) => ({
  status: 200,
  body: record.name === "list_workspaces" ? { data: [{ id: "own-id", slug: "own" }] } : {},
  warnings: [],
}));

type Named = (argument: Argument) => unknown;

const COLUMNS: readonly (readonly [string, Named])[] = [
  ["nothing", () => undefined],
  ["own", ({ namesWorkspace, name }) => (namesWorkspace ? inForm(name, "own") : undefined)],
  ["another", ({ namesWorkspace, name }) => (namesWorkspace ? inForm(name, "dev") : undefined)],
  ["organisation", ({ organisationWhen }) => (organisationWhen === "given" ? "org" : organisationWhen?.[0])],
];

function inForm(name: string, workspace: string): unknown {
  if (name === "conditions") return [{ key: "workspace_id", value: workspace }];
  if (name === "filters") return { workspace_slug: workspace };
  return name.endsWith("workspaces") ? [{ id: workspace }] : workspace;
}

async function cell(record: ToolRecord, name: string, valueOf: Named): Promise<string> {
  const named = record.arguments.map((argument) => [argument.name, valueOf(argument)] as const);
  const values = Object.fromEntries(named.filter(([, value]) => value !== undefined));
  if (name !== "nothing" && Object.keys(values).length === 0) return "-";
  return (await chooser.choose({ record, values, asked: undefined, context: context({ credentials }) })).key.kind;
}

test("every tool's key is as the table says", async () => {
  const requests = records.filter(({ method }) => method !== undefined);
  const lines = await Promise.all(
    requests.map(async (record) => {
      const cells = await Promise.all(COLUMNS.map(([name, valueOf]) => cell(record, name, valueOf)));
      return [record.name.padEnd(40), ...cells.map((text) => text.padEnd(12))].join("").trimEnd();
    }),
  );
  const heading = ["tool".padEnd(40), ...COLUMNS.map(([name]) => name.padEnd(12))].join("").trimEnd();
  await expect(`${[heading, ...lines].join("\n")}\n`).toMatchFileSnapshot("every-tool.txt");
});

type Row = [name: string, nothing: string, own: string, another: string, organisation: string];
const ROWS = readFileSync(new URL("every-tool.txt", import.meta.url), "utf8")
  .trim()
  .split("\n")
  .slice(1)
  .map((line) => line.split(/\s+/) as Row);

function recordOf(name: string): ToolRecord {
  return records.find((record) => record.name === name) as ToolRecord;
}

test("the table is complete", () => {
  expect(ROWS).toHaveLength(records.filter(({ method }) => method !== undefined).length);
});

test.each(ROWS.filter(([name]) => recordOf(name).key !== "any"))(
  "%s, which needs one kind of key, takes no other",
  (name, ...cells) => {
    expect(new Set(cells.filter((cell) => cell !== "-"))).toEqual(new Set([recordOf(name).key]));
  },
);

test.each(ROWS.filter(([name]) => recordOf(name).key === "any"))(
  "%s, which takes either, keeps to its kind",
  (name, nothing, _own, another, organisation) => {
    expect(nothing).toBe(recordOf(name).reach === "organisation" ? "admin" : "workspace");
    expect(["admin", "-"]).toContain(another);
    expect(["admin", "-"]).toContain(organisation);
  },
);

test("a workspace key of an unknown workspace is said, and is nothing to doubt", async () => {
  const upstream = await startUpstream((response) => json(response, 200, { data: [] }));
  const portkey = portkeyAt(upstream.origin, { records });
  const list = records.find(({ name }) => name === "list_prompts") as ToolRecord;
  const answer = await portkey.send(list, { workspace_id: "dev" }, context({ credentials }));
  expect(answer.warnings).toEqual([]);
  expect(answer.notes).toEqual([
    "The admin key was used, because the call names a workspace, and which one the workspace key belongs to could " +
      "not be learned.",
  ]);
  await upstream.close();
});
