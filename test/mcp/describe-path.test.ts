import { describe, expect, test } from "vitest";
import { loadValidators } from "../../generated/portkey/validators.ts";
import { loadGuardrailChecks, loadSchemas } from "../../src/catalog/editions.ts";
import { loadCatalogue } from "../main-catalogue.ts";
import { checkConfig } from "../../src/composites/configs/config-rules.ts";
import { exampleOf } from "../../src/mcp/tools/describe-example.ts";
import { withLabels } from "../../src/mcp/tools/describe-arms.ts";
import { describePath } from "../../src/mcp/tools/describe-path.ts";
import { createCheck } from "../../src/portkey/request/check.ts";
import type { ToolRecord } from "../../src/catalog/record.ts";

const catalogue = loadCatalogue();
const schemas = await loadSchemas();
const record = (name: string) => catalogue.find(name)?.record as ToolRecord;
const describePart = (name: string, path: string) =>
  describePath(record(name), path, {
    full: withLabels(schemas[name] ?? {}),
    loadChecks: loadGuardrailChecks,
    toolsWithChecks: ["create_guardrail"],
  });

describe("a part of a tool", () => {
  test.each(["create_guardrail", "update_guardrail"])("%s: one check in full", async (name) => {
    expect(await describePart(name, "checks:portkey.pii")).toMatchObject({
      check: "portkey.pii",
      parameters: {
        required: ["categories"],
        properties: {
          categories: { type: "array", items: { enum: expect.arrayContaining(["EMAIL_ADDRESS"]) } },
          redact: { type: "boolean", description: expect.any(String) },
          timeout: { type: "number" },
        },
      },
    });
  });

  test("all checks, with what each needs", async () => {
    const { checks } = (await describePart("create_guardrail", "checks")) as { checks: Record<string, string> };
    expect(checks).toMatchObject({ "default.contains": "words*, operator*", "default.alllowercase": "not" });
    expect(Object.keys(checks)).toHaveLength(Object.keys(await loadGuardrailChecks()).length - 1);
  });

  test.each([
    ["create_config", "config.targets", "weight"],
    ["create_config", "config.targets[0].strategy.sticky", "hash_fields"],
    ["update_config", "config.targets.targets", undefined],
    ["create_config", "config.before_request_hooks.checks", "parameters"],
  ])("%s %s", async (name, path, field) => {
    const { schema } = (await describePart(name, path)) as { schema: { items?: object } };
    if (field !== undefined) expect(JSON.stringify(schema)).toContain(`"${field}":{`);
    expect(schema).toHaveProperty("description");
  });

  test.each([
    ["create_integration", "configurations:bedrock", "ai_provider_id: bedrock", "aws_region"],
    ["create_integration", "configurations:azure-openai", "ai_provider_id: azure-openai", "azure_resource_name"],
    ["update_integration", "configurations:vertex-ai", "ai_provider_id: vertex-ai", "vertex_region"],
    ["create_secret_reference", "auth_config:assumedRole", "aws_auth_type: assumedRole", "aws_role_arn"],
  ])("%s %s: one alternative, by what selects it", async (name, path, title, field) => {
    const { schema } = (await describePart(name, path)) as { schema: { title: string; properties: object } };
    expect(schema.title).toBe(title);
    expect(schema.properties).toHaveProperty(field);
  });

  test.each([
    ["create_integration", "configurations"],
    ["create_secret_reference", "auth_config"],
  ])("every alternative of %s's %s has a name of its own", async (name, field) => {
    const { schema } = (await describePart(name, field)) as { schema: { oneOf: { title?: string }[] } };
    const titles = schema.oneOf.map(({ title }) => title);
    expect(titles).not.toContain(undefined);
    expect(new Set(titles).size).toBe(titles.length);
    expect(await describePart(name, `${field}:`)).toMatchObject({ alternatives: titles });
  });

  test.each([
    ["create_guardrail", "checks:portkey.pi", /no check portkey\.pi is known; the closest is portkey\.pii/],
    ["create_guardrail", "checks:constructor", /no check constructor is known; the path checks lists all/],
    ["create_config", "checks:portkey.pii", /checks by id are those of create_guardrail/],
    ["create_config", "config:single", /config has no alternatives/],
    ["create_integration", "configurations:nothing", /its alternatives are .*ai_provider_id: bedrock/],
    [
      "create_config",
      "config.tragets",
      /has no part config\.tragets: there is .*targets.* where tragets is looked for/,
    ],
    ["create_config", "constructor", /has no part constructor/],
  ])("%s %s is refused with what there is", async (name, path, message) => {
    await expect(describePart(name, path)).rejects.toThrow(message);
  });
});

describe("an example can be sent, and does no harm", () => {
  const check = createCheck(loadValidators, { data: { loadGuardrailChecks } });
  test.each(["create_guardrail", "update_guardrail", "create_config", "update_config"])("%s", async (name) => {
    const example = exampleOf(record(name), schemas[name] ?? {});
    expect((await check(record(name), example)).warnings).toEqual([]);
    expect(await checkConfig(name, example["config"], { loadSchemas })).toEqual([]);
    expect(example).not.toMatchObject({ actions: { deny: true } });
  });
});
