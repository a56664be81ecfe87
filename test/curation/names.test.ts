/** The names that callers know: where the API has lost one, a person decides what becomes of it. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { records } from "../generated/listing.ts";
import { PAGES } from "../docs/pages.ts";
import { OWN_NAMES, REQUIRED_NAMES } from "./required-names.ts";

test.each(REQUIRED_NAMES)("%s is a tool's own name", (name) => {
  expect(records.map((record) => record.name)).toContain(name);
});

test.each(OWN_NAMES)("%s finds a tool, by name or alias", (name) => {
  expect(records.flatMap((record) => [record.name, ...record.aliases])).toContain(name);
});

test("116 names are required exactly, and 182 in all", () => {
  expect(new Set(REQUIRED_NAMES).size).toBe(116);
  expect(new Set([...REQUIRED_NAMES, ...OWN_NAMES]).size).toBe(182);
});

test("the tools that the prose of docs/ names are tools", () => {
  const named = PAGES.filter(({ path }) => path !== "README.md").flatMap(
    ({ text }) =>
      text.match(/`(?:get|list|create|update|delete|promote|migrate|publish|search|describe|call|run)_[a-z_]+`/g) ?? [],
  );
  const known = new Set([...records.flatMap(({ name, aliases }) => [name, ...aliases]), "list_budgets"]);
  expect(named.map((name) => name.replaceAll("`", "")).filter((name) => !known.has(name))).toEqual([]);
});

test("the requests that search is measured by are for tools that there are", () => {
  const path = new URL("../catalog-search/requests.yaml", import.meta.url);
  const sets = parse(readFileSync(path, "utf8")) as Record<string, unknown>;
  const asked = [sets["unseen_2"], sets["unseen_3"]].flatMap((set) => Object.values(set as Record<string, string>));
  const names = new Set(records.map(({ name }) => name));
  expect([...new Set(asked)].filter((name) => !names.has(name))).toEqual([]);
});
