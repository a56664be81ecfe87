import { describe, expect, test } from "vitest";
import { createPolicy } from "../../src/catalog/create-policy.ts";
import { loadSchemas } from "../../src/catalog/editions.ts";
import { loadCatalogue } from "../main-catalogue.ts";
import { createCatalogue } from "../../src/catalog/lookup.ts";
import { narrowPolicy } from "../../src/catalog/policy/narrow.ts";
import generated from "../../generated/portkey/catalogue.json" with { type: "json" };

const catalogue = loadCatalogue();
const everything = createPolicy();

test("a tool is found by its name", () => {
  expect(catalogue.find("list_prompts")).toMatchObject({ record: { name: "list_prompts" } });
  expect(catalogue.find("list_prompts")).not.toHaveProperty("alias");
});

test("a tool is found by an older name", () => {
  expect(catalogue.find("get_log")).toMatchObject({ record: { name: "get_trace" }, alias: "get_log" });
});

test("a name belongs to the tool that has it now, not to one that had it", () => {
  const [one, two] = [catalogue.find("list_prompts"), catalogue.find("get_prompt")].map((found) => found!.record);
  const made = createCatalogue(
    [one!, { ...two!, aliases: ["list_prompts"] }],
    [catalogue.listed("list_prompts")!, catalogue.listed("get_prompt")!],
  );
  expect(made.find("list_prompts")).toEqual({ record: one });
});

test.each(["", "nope", "LIST_PROMPTS", "constructor", "__proto__"])("nothing is called %j", (name) => {
  expect(catalogue.find(name)).toBeUndefined();
});

describe("close names", () => {
  const cases: [string, string][] = [
    ["list_promts", "list_prompts"],
    ["List-Prompts", "list_prompts"],
    ["listprompts", "list_prompts"],
    ["getprompt", "get_prompt"],
    ["create_colection", "create_collection"],
  ];
  test.each(cases)("of %s: %s first", (given, want) => {
    expect(catalogue.closest(given)[0]).toBe(want);
  });

  test("are at most three", () => {
    expect(catalogue.closest("prompts").length).toBeLessThanOrEqual(3);
  });

  test.each(["", "xyzzy_plugh_quux", "q".repeat(100_000)])("of something else entirely are none", (given) => {
    expect(catalogue.closest(given)).toEqual([]);
  });
});

describe("the list", () => {
  test("is the generated one where nothing is hidden", () => {
    expect(catalogue.list(everything)).toBe(JSON.stringify(generated));
    expect(catalogue.admitted(everything)).toBe(catalogue.records);
  });

  test("keeps its order where something is", () => {
    const readOnly = createPolicy({ readOnly: true });
    const names = (JSON.parse(catalogue.list(readOnly)) as { name: string }[]).map(({ name }) => name);
    expect(names).toEqual(catalogue.records.filter(({ risk }) => risk === "read").map(({ name }) => name));
    expect(names).toEqual(catalogue.admitted(readOnly).map(({ name }) => name));
  });

  test("leaves nothing to the text of a tool that is hidden", () => {
    const policy = narrowPolicy(everything, { tools: ["!create_api_key"] });
    expect(catalogue.list(everything)).toContain("as in create_api_key");
    const list = catalogue.list(policy);
    expect(list).not.toContain("as in create_api_key");
    expect(list).toContain("as in create_guardrail");
    expect(list).toContain("as describe_tool says");
  });

  test("is empty where everything is hidden", () => {
    expect(catalogue.list(narrowPolicy(everything, { domains: [] }))).toBe("[]");
  });

  test("is worked out once for equal policies", () => {
    expect(catalogue.admitted(createPolicy({ domains: ["prompts"] }))).toBe(
      catalogue.admitted(createPolicy({ domains: ["prompts"] })),
    );
  });

  test("hides what an outer policy hides", () => {
    const outer = createPolicy({ domains: ["prompts"] });
    const inner = { ...narrowPolicy(outer, { confirm: "always" as const }), domains: null };
    expect(new Set(catalogue.admitted(inner).map(({ domain }) => domain))).toEqual(new Set(["prompts"]));
  });
});

test("records and list must agree", () => {
  const [record] = catalogue.records;
  expect(() => createCatalogue([record!], [])).toThrow("npm run generate");
});

test("every tool has the full schema of its arguments", async () => {
  const schemas = await loadSchemas();
  expect(Object.keys(schemas).sort()).toEqual(catalogue.records.map(({ name }) => name).sort());
});
