import { describe, expect, test } from "vitest";
import { loadValidators } from "../../generated/portkey/validators.ts";
import { loadGuardrailChecks } from "../../src/catalog/editions.ts";
import { loadCatalogue } from "../main-catalogue.ts";
import { createCheck } from "../../src/portkey/request/check.ts";
import { processorTime } from "../errors/processor-time.ts";
import { rowsOf } from "../evidence/rows.ts";

const check = createCheck(loadValidators, { data: { loadGuardrailChecks } });
const catalogue = loadCatalogue();
const record = (name: string) => catalogue.find(name)?.record as never;
const actions = {
  deny: true,
  async: false,
  on_success: { feedback: { value: 5, weight: 1, metadata: "" } },
  on_fail: { feedback: { value: -5, weight: 1, metadata: "" } },
};
const warningsOf = async (...checks: unknown[]) =>
  (await check(record("create_guardrail"), { name: "g", checks, actions })).warnings;
const all = await loadGuardrailChecks();
const ids = Object.keys(all).filter((id) => id !== "every");

describe("a check that would let everything pass is warned about", () => {
  test.each<[string, unknown, string]>([
    [
      "default.contains",
      { keywords: ["SECRET"], operator: "none" },
      "checks[0].parameters.words is missing: the gateway then lets everything pass",
    ],
    [
      "default.contains",
      { keywords: ["SECRET"], operator: "none" },
      "checks[0].parameters.keywords is no parameter of default.contains; " +
        "the closest is words; it takes words, operator",
    ],
    [
      "default.contains",
      { words: "SECRET", operator: "none" },
      "checks[0].parameters.words must be an array, got a string",
    ],
    [
      "default.contains",
      { words: ["SECRET"], operator: "never" },
      "checks[0].parameters.operator is not among the known values: any, all, none",
    ],
    ["default.regexMatch", { pattern: "x" }, "checks[0].parameters.rule is missing"],
    ["default.regexMatch", { rule: 5 }, "checks[0].parameters.rule must be a string, got a number"],
    ["default.regexMatch", undefined, "checks[0].parameters.rule is missing"],
    [
      "default.wordCount",
      { min: 1 },
      "checks[0].parameters.min is no parameter of default.wordCount; the closest is minWords",
    ],
    ["default.modelWhitelist", { allowed: ["gpt-4o"] }, "checks[0].parameters.models is missing"],
    ["default.jwt", {}, "checks[0].parameters.jwksUri is missing"],
    [
      "qualifire.pii",
      { mode: "speed" },
      "checks[0].parameters.mode is no parameter of qualifire.pii, which takes none",
    ],
  ])("%s %j", async (id, parameters, want) => {
    expect(await warningsOf({ id, ...(parameters !== undefined && { parameters }) })).toContainEqual(
      expect.stringContaining(want),
    );
  });

  test.each(ids)("%s, with a parameter that it does not have", async (id) => {
    const warnings = await warningsOf({ id, parameters: { nonsense: 1 } });
    const known = all[id]?.properties !== undefined;
    expect(warnings.some((line) => line.startsWith("checks[0].parameters.nonsense is no parameter of"))).toBe(known);
  });

  test.each(ids.filter((id) => (all[id]?.required ?? []).length > 0))("%s, without what it needs", async (id) => {
    const missing = (all[id]?.required ?? []).map(
      (name) => `checks[0].parameters.${name} is missing: the gateway then lets everything pass`,
    );
    expect(await warningsOf({ id, parameters: {} })).toEqual(missing);
  });
});

describe("an id that does not exist is named with the real one, and sent", () => {
  test.each([
    ["default.isAllLowerCase", "is no check; the gateway has default.alllowercase"],
    ["default.wordcount", "is no check; the gateway has default.wordCount"],
    ["default.regexmatch", "is no check; the gateway has default.regexMatch"],
    ["contains", "is no check that is known; known is default.contains"],
    ["acuvity.Acuvity", "is no check that is known; known is acuvity.scan"],
    ["portkey.topics", "is no check that is known; known is portkey.moderateContent"],
    ["future-guard.scan", "is no check that is known. If the gateway lacks it, everything passes"],
    ["every", "is no check that is known"],
    ["constructor", "is no check that is known"],
  ])("%s", async (id, want) => {
    expect(await warningsOf({ id: "portkey.gibberish" }, { id, parameters: { anything: 1 } })).toEqual([
      expect.stringContaining(`checks[1].id ${want}`),
    ]);
  });
});

describe("what the gateway takes passes without a word", () => {
  test.each(ids)("%s with what it needs and what every check takes", async (id) => {
    const parameters = Object.fromEntries(
      (all[id]?.required ?? []).map((name) => [name, valueFor(all[id]?.properties?.[name] ?? {})]),
    );
    expect(await warningsOf({ id, parameters: { ...parameters, timeout: 100 } })).toEqual([]);
  });

  // One plugin's manifest has an id that the gateway does not run.
  const declared = rowsOf("guardrail").filter(({ check }) => check?.["id"] !== "acuvity.Acuvity");
  test.each(declared)("$check.id, which one of the gateway's plugins declares", async ({ check }) => {
    expect(await warningsOf(check)).toEqual([]);
  });

  test("an update is held to the same", async () => {
    const args = { guardrail_id: "g", checks: [{ id: "default.contains", parameters: {} }] };
    expect((await check(record("update_guardrail"), args)).warnings).toEqual([
      expect.stringContaining("checks[0].parameters.words is missing"),
      expect.stringContaining("checks[0].parameters.operator is missing"),
    ]);
  });
});

function valueFor({ type, enum: values }: { readonly type?: unknown; readonly enum?: readonly unknown[] }): unknown {
  if (values !== undefined) return values[0];
  const samples: Readonly<Record<string, unknown>> = {
    string: "x",
    number: 1,
    boolean: true,
    array: ["x"],
    object: {},
  };
  return samples[([] as unknown[]).concat(type)[0] as string];
}

test("checks without end are told of as long as anybody reads, in a moment", async () => {
  const checks = Array.from({ length: 15_000 }, (_, index) => ({
    id: `default.contain${index}`,
    parameters: { foo: 1 },
  }));
  const parameters = Object.fromEntries(checks.map(({ id }) => [id, 1]));
  const both = [{ id: "default.contains", parameters }, ...checks];
  expect(await warningsOf(...both)).toHaveLength(10);
  expect(await processorTime(() => warningsOf(...both))).toBeLessThan(500);
});
