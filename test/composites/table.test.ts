import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { loadCatalogue } from "../main-catalogue.ts";
import { composites } from "../../src/composites/table.ts";
import { WORKSPACE_KINDS } from "../../src/composites/workspace/workspace-kinds.ts";

const { records } = loadCatalogue();
const declared = records.filter(({ composite }) => composite !== undefined);
const source = (name: string) =>
  readFileSync(new URL(`../../src/composites/tools/${name}.ts`, import.meta.url), "utf8");
const rows = parse(readFileSync(new URL("../../openapi/composites.yaml", import.meta.url), "utf8")) as Record<
  string,
  { calls?: string[] }
>;

test("every record's composite is in the table, and nothing else is: the table follows from the rows", () => {
  expect(Object.keys(composites).sort()).toEqual(declared.map(({ composite }) => composite).sort());
});

test.each(["export_workspace", "diff_workspaces"])(
  "%s declares every tool that reads a kind, so that rights to all are asked for at once",
  (name) => {
    const reading = WORKSPACE_KINDS.flatMap(({ list, get }) => [list, ...(get ? [get.tool] : [])]);
    expect([...(rows[`COMPOSITE ${name}`]?.calls ?? [])].sort()).toEqual(reading.sort());
  },
);

describe.each(declared.map((record) => [record.name, record] as const))("%s", (name, record) => {
  test("has a file of its name, which loads", async () => {
    expect(record.composite).toBe(name.replaceAll("_", "-"));
    expect(source(record.composite ?? "")).toContain("export const composite");
    expect(await composites[record.composite ?? ""]?.()).toBeTypeOf("function");
  });

  test("declares a shape that can never withhold an answer", () => {
    expect(record.output).toMatchObject({ type: "object" });
    expect(record.output).not.toHaveProperty("required");
    expect(record.output).not.toHaveProperty("additionalProperties");
  });

  test("calls tools there are", () => {
    const calls = rows[`COMPOSITE ${name}`]?.calls ?? [];
    expect(calls.filter((call) => !records.some((each) => each.name === call))).toEqual([]);
  });
});
