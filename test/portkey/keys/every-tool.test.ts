/** Every tool with both keys: the key that goes out follows from the tool's kind and what the call names. */
import { expect, test } from "vitest";
import { loadCatalogue } from "../../main-catalogue.ts";
import type { ToolRecord } from "../../../src/catalog/record.ts";
import { context, portkeyAt } from "../records.ts";
import { json, startUpstream } from "../upstream.ts";
import { credentials, keyRows } from "./key-table.ts";

const { records } = loadCatalogue();
const ROWS = (await keyRows()).map(({ record, cells }) => [record.name, record, cells] as const);

test.each(ROWS.filter(([, { key }]) => key !== "any"))(
  "%s, which needs one kind of key, takes no other",
  (_name, { key }, cells) => {
    expect(new Set(cells.filter((cell) => cell !== "-"))).toEqual(new Set([key]));
  },
);

test.each(ROWS.filter(([, { key }]) => key === "any"))(
  "%s, which takes either, keeps to its kind",
  (_name, { reach }, [nothing, , another, organisation]) => {
    expect(nothing).toBe(reach === "organisation" ? "admin" : "workspace");
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
