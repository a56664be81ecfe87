/**
 * Search finds what people ask for. The names of the first tests carry the figures, so that a run reports both sets.
 */
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { loadCatalogue } from "../main-catalogue.ts";
import model from "../../generated/portkey/search.json" with { type: "json" };
import { createToolSearch } from "../../src/catalog/search/search.ts";
import type { ToolRecord } from "../../src/catalog/record.ts";

const { records } = loadCatalogue();
const search = createToolSearch(records, model);
const names = (request: string, limit = 5, admits?: (record: ToolRecord) => boolean) =>
  search(request, limit, admits).map(({ name }) => name);

/** Each request with its tool. */
type Requests = readonly (readonly [request: string, tool: string])[];

const tableAt = (path: URL) => parse(readFileSync(path, "utf8")) as Record<string, unknown>;
const folder = new URL("../../openapi/requests/", import.meta.url);
const served = new Set(records.map(({ name }) => name));
/** A tool may be gone from the API: nothing is asked of its requests until somebody takes them out. */
const isServed = ([, tool]: readonly [string, string]) => served.has(tool);
const learnt: Requests = readdirSync(folder)
  .flatMap((file) => Object.entries(tableAt(new URL(file, folder)) as Record<string, string[]>))
  .flatMap(([tool, texts]) => texts.map((text) => [text, tool] as const))
  .filter(isServed);
type Table = Readonly<Record<string, string>>;
const { unseen_2, unseen_3 } = tableAt(new URL("requests.yaml", import.meta.url)) as Record<
  "unseen_2" | "unseen_3",
  Table
>;
const unseen: Requests = [...Object.entries(unseen_3), ...Object.entries(unseen_2)];

/** A tool that nobody has written for yet takes no place from those that were. */
const known = new Set(learnt.map(([, tool]) => tool));
const isKnown = ({ name }: ToolRecord) => known.has(name);

function measure(requests: Requests) {
  const asked = requests.filter(isServed);
  const found = asked.map(([request, tool]) => ({ request, tool, got: names(request, 5, isKnown) }));
  const first = found.filter(({ tool, got }) => got[0] === tool).length / found.length;
  const missed = found.filter(({ tool, got }) => !got.includes(tool));
  return { count: found.length, first, top5: 1 - missed.length / found.length, missed };
}
const percent = (share: number) => `${(share * 100).toFixed(1)} %`;

/** What a set must reach. */
const BARS = [
  ["learnt", measure(learnt), 0.99, 0.999],
  ["unseen", measure(Object.entries(unseen_3)), 0.9, 0.98],
  ["read by who wrote what is learnt", measure(Object.entries(unseen_2)), 0.9, 0.98],
] as const;

describe.each(
  BARS.map(
    ([set, figures, ...bars]) =>
      [
        `${figures.count} requests (${set}): ${percent(figures.first)} first, ${percent(figures.top5)} in the top 5`,
        figures,
        ...bars,
      ] as const,
  ),
)("%s", (_name, { count, first, top5, missed }, firstBar, top5Bar) => {
  test(`at least ${percent(top5Bar)} are among the first five`, () => {
    expect(
      top5,
      missed.map(({ request, tool, got }) => `${tool} <- ${request}: ${got.join(", ")}`).join("\n"),
    ).toBeGreaterThanOrEqual(top5Bar);
  });

  test(`at least ${percent(firstBar)} come first`, () => {
    expect(first).toBeGreaterThanOrEqual(firstBar);
  });

  test("they are enough to tell", () => {
    expect(count).toBeGreaterThanOrEqual(150);
  });
});

test("what is measured was not learnt", () => {
  const texts = new Set(learnt.map(([request]) => request));
  expect(unseen.filter(([request]) => texts.has(request))).toEqual([]);
});

describe("a tool's own name finds it", () => {
  test.each(records.flatMap(({ name, aliases }) => [name, ...aliases].map((one) => [one, name] as const)))(
    "%s",
    (asked, name) => {
      expect(names(asked)[0]).toBe(name);
      expect(names(asked.replaceAll("_", " "))[0]).toBe(name);
      expect(names(`please call ${asked} for me`)[0]).toBe(name);
    },
  );
});

describe("taking an attribute away changes the object", () => {
  test.each([
    ["take the expiry date off the ci key", "update_api_key"],
    ["remove the limit from the research workspace", "update_workspace"],
    ["delete the monthly budget of this provider", "update_provider"],
    ["clear the alert emails on an api key", "update_api_key"],
    ["drop the description of a collection", "update_collection"],
    ["take the label off version 3 of the prompt", "update_prompt_version"],
  ])("%s", (request, tool) => {
    expect(names(request, 1)).toEqual([tool]);
  });

  test.each([
    "remove the expiry date",
    "take the limit off",
    "remove the limit",
    "clear the alert",
    "drop the icon",
    "stop billing",
    "who can use",
    "remove access",
    "no more limit for the team",
    "take the default guardrail off the workspace",
  ])("%s: what is found first destroys nothing", (request) => {
    expect(search(request, 1).map(({ risk }) => risk)).not.toContain("destroy");
    expect(names(request, 1)).toHaveLength(1);
  });

  test.each([
    ["remove the person from the team", "remove_workspace_member"],
    ["delete the usage limit", "delete_usage_limit"],
    ["remove an api key", "delete_api_key"],
    ["delete the guardrail", "delete_guardrail"],
    ["kill the regex guardrail", "delete_guardrail"],
    ["delete the label for prompts", "delete_prompt_label"],
  ])("%s is about the object itself", (request, tool) => {
    expect(names(request, 1)).toEqual([tool]);
  });
});

describe("a request", () => {
  test.each([
    ["with mistyped words", "rotat api kye secret", "rotate_api_key"],
    ["with a mistyped noun", "list guardrials", "list_guardrails"],
    ["in capitals", "LIST CONFIGS", "list_configs"],
    ["that asks how", "how do I delete a config", "delete_config"],
  ])("%s finds its tool", (_what, request, tool) => {
    expect(names(request)).toContain(tool);
  });

  test.each(["", "   ", "the of and", "!!! ???", "\u0000", "zzzzqqqqxxxx"])("%j finds nothing", (request) => {
    expect(names(request)).toEqual([]);
  });

  test.each([
    ["names that every object has", "constructor __proto__ toString"],
    ["signs of search engines", '=list +(cost) -"prompt" *'],
    ["a regular expression", "(.*)+$ [a-z"],
    ["emoji", "😀 list configs 😀"],
    ["one endless word", "x".repeat(100_000)],
    ["one endless name", "a_".repeat(50_000)],
    ["endless words", "cost ".repeat(50_000)],
  ])("of %s is answered at once", (_what, request) => {
    const started = performance.now();
    names(request);
    expect(performance.now() - started).toBeLessThan(500);
  });
});

test("finds as many as are asked for, among those that are admitted", () => {
  expect(names("list configs", 1)).toEqual(["list_configs"]);
  expect(
    names("delete", 20, ({ risk }) => risk === "read").every(
      (name) => records.find((record) => record.name === name)?.risk === "read",
    ),
  ).toBe(true);
  expect(names("list configs", 5, () => false)).toEqual([]);
});

test("a search of its own catalogue knows only that", () => {
  const [record] = records.filter(({ name }) => name === "list_configs");
  expect(createToolSearch([record as ToolRecord], model)("list prompts configs", 5)).toEqual([record]);
  expect(createToolSearch([], model)("list configs", 5)).toEqual([]);
});

test("the index is built in a moment", () => {
  const started = performance.now();
  createToolSearch(records, model)("cost", 5);
  expect(performance.now() - started).toBeLessThan(500);
});
