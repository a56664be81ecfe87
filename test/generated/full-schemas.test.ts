/** The full schemas: what describe_tool shows, and what every example call is made from. */
import { hasKeyChoice, keyArgumentName } from "../../src/catalog/key-argument.ts";
import { takesNames } from "../../src/catalog/takes-names.ts";
import { editionData, validatorLoaders } from "../../src/catalog/editions.ts";
import { describe, expect, test } from "vitest";
import { exampleOf } from "../../src/mcp/tools/describe-example.ts";
import { createCheck } from "../../src/portkey/request/check.ts";
import { listings, nodesOf, type Listing } from "./listing.ts";

/** What the tools of an edition are called with. */
const KEYS = { portkey: ["any", "workspace", "admin", "none"], airs: ["token", "none"] } as const;

const checkOf = ({ edition, records }: Listing) =>
  createCheck(validatorLoaders(edition, records), { data: editionData(edition) });

test.each(listings)("there is one for each tool of $edition", ({ fullSchemas, records }) => {
  expect(Object.keys(fullSchemas).sort()).toEqual(records.map(({ name }) => name).sort());
});

const every = listings.flatMap((listing) => {
  const check = checkOf(listing);
  return listing.records.map((record) => {
    const schema = listing.fullSchemas[record.name] ?? {};
    return [listing.edition, record.name, { record, schema, check }] as const;
  });
});

describe.each(every)("%s: %s", (edition, name, { record, schema, check }) => {
  const nodes = nodesOf(schema, name);

  test("has every argument of the record and those that all tools take, each in few words", () => {
    const common = [
      "fields",
      ...(record.risk === "read" ? [] : ["dry_run"]),
      ...(record.paging ? ["all_pages"] : []),
      ...(takesNames(record) ? ["names"] : []),
      ...(hasKeyChoice(record) ? [keyArgumentName(record)] : []),
    ];
    const wanted = new Set([...record.arguments.map((argument) => argument.name), ...common]);
    expect(Object.keys(schema.properties ?? {}).sort()).toEqual([...wanted].sort());
    const fields = nodes.flatMap(({ at, schema: node }) =>
      Object.entries(node.properties ?? {}).map(([key, inner]) => ({
        at: `${at}.${key}`,
        text: inner.description ?? "",
      })),
    );
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
    expect(KEYS[edition]).toContain(record.key);
    expect(record.scopes).toMatch(/^([a-z_]+(\.[a-z_]+)+( [|&] [a-z_]+(\.[a-z_]+)+)*)?$/);
  });
});
