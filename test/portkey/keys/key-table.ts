/**
 * Which of both keys goes out for each tool: where nothing is named, in the key's own workspace, in another, and for
 * the organisation.
 */
import { loadCatalogue } from "../../main-catalogue.ts";
import type { Argument, ToolRecord } from "../../../src/catalog/record.ts";
import { createKeyChooser } from "../../../src/portkey/keys/choose-key.ts";
import { context } from "../records.ts";

const { records } = loadCatalogue();
/** One of each kind. */
export const credentials = { workspaceKey: "wk", adminKey: "ak" };
const chooser = createKeyChooser(records, async (record) => ({
  status: 200,
  body: record.name === "list_workspaces" ? { data: [{ id: "own-id", slug: "own" }] } : {},
  warnings: [],
}));

type Named = (argument: Argument) => unknown;

/** By heading, what the call names. */
export const COLUMNS: readonly (readonly [string, Named])[] = [
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

/** Each tool that sends a request, with a cell for each column; `-` where the tool takes nothing of the kind. */
export async function keyRows(): Promise<{ record: ToolRecord; cells: string[] }[]> {
  const requests = records.filter(({ method }) => method !== undefined);
  return Promise.all(
    requests.map(async (record) => {
      const cells = await Promise.all(COLUMNS.map(([name, valueOf]) => cell(record, name, valueOf)));
      return { record, cells };
    }),
  );
}
