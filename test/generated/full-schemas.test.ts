/** The full schemas: what describe_tool shows, and what every example call is made from. */
import { hasKeyChoice, keyArgumentOf } from "../../src/catalog/key-argument.ts";
import { takesNames } from "../../src/catalog/takes-names.ts";
import { describe, expect, test } from "vitest";
import { loadValidators } from "../../generated/portkey/validators.ts";
import { exampleOf } from "../../src/mcp/tools/describe-example.ts";
import { createCheck } from "../../src/portkey/request/check.ts";
import { fullSchemas, nodesOf, records } from "./listing.ts";

const check = createCheck(loadValidators);

test("there is one for each tool", () => {
  expect(Object.keys(fullSchemas).sort()).toEqual(records.map(({ name }) => name).sort());
});

describe.each(records.map((record) => [record.name, record] as const))("%s", (name, record) => {
  const schema = fullSchemas[name] ?? {};
  const nodes = nodesOf(schema, name);

  test("has every argument of the record and those that all tools take, each described", () => {
    const common = [
      "fields",
      ...(record.risk === "read" ? [] : ["dry_run"]),
      ...(record.paging ? ["all_pages"] : []),
      ...(takesNames(record) ? ["names"] : []),
      ...(hasKeyChoice(record) ? [keyArgumentOf(record)] : []),
    ];
    const wanted = new Set([...record.arguments.map((argument) => argument.name), ...common]);
    expect(Object.keys(schema.properties ?? {}).sort()).toEqual([...wanted].sort());
    const fields = nodes.flatMap(({ at, schema: node }) =>
      Object.entries(node.properties ?? {}).map(([key, inner]) => ({
        at: `${at}.${key}`,
        text: inner.description ?? "",
      })),
    );
    expect(fields.filter(({ text }) => text === "").map(({ at }) => at)).toEqual([]);
    expect(fields.filter(({ text }) => text.length > 90).map(({ at }) => at)).toEqual([]);
  });

  test("stands by itself", () => {
    expect(nodes.filter(({ schema: node }) => "$ref" in node).map(({ at }) => at)).toEqual([]);
  });

  test("gives an example that can be sent as it is", async () => {
    const { warnings } = await check(record, exampleOf(record, schema));
    expect(warnings).toEqual([]);
  });

  test("names the key it needs, and where it is known the scopes", () => {
    expect(["any", "workspace", "admin", "none"]).toContain(record.key);
    expect(record.scopes).toMatch(/^([a-z_]+(\.[a-z_]+)+( [|&] [a-z_]+(\.[a-z_]+)+)*)?$/);
  });
});
