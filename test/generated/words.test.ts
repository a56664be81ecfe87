/** The words that a model chooses a tool by. */
import { describe, expect, test } from "vitest";
import { toolAnnotations } from "../../src/catalog/record.ts";
import { listings, ownTools } from "./listing.ts";

test.each(listings)("the catalogue of $edition lists the manifest's tools in its order", ({ catalogue, records }) => {
  expect(catalogue.map(({ name }) => name)).toEqual(records.map(({ name }) => name));
});

test.each(listings)("no name or alias of $edition is used twice", ({ records, ownTools }) => {
  const names = [...records.flatMap(({ name, aliases }) => [name, ...aliases]), ...ownTools.map(({ name }) => name)];
  expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
});

const everyTool = listings.flatMap((listing) =>
  listing.everyTool.map((tool) => [listing.edition, tool.name, tool] as const),
);

describe.each(everyTool)("%s: %s", (_edition, name, { title, description }) => {
  test("has a name and a title that clients take", () => {
    expect(name).toMatch(/^[a-z][a-z0-9_]{0,39}$/);
    expect(title).toMatch(/^[A-Z].{2,50}$/);
  });

  test("says in sentences what it does", () => {
    expect(description.length).toBeLessThanOrEqual(400);
    expect(description).toMatch(/^[A-Z].*\.$/);
    const first = description.split(/\. /)[0] as string;
    expect(first.split(" ").length, "its first sentence says what it does").toBeGreaterThanOrEqual(3);
    expect(description, "plain text, no Markdown, no em dash").not.toMatch(/[*`#—]|\n|\]\(/);
    expect(description).not.toMatch(/^(This|Allows|Enables|Use this|A tool)\b/);
  });
});

const listed = listings.flatMap(({ edition, records, catalogue }) =>
  records.map((record, at) => [edition, record.name, record, catalogue[at]] as const),
);

describe.each(listed)("%s: %s", (_edition, _name, record, listed) => {
  test("carries all four annotations, and they follow from its risk", () => {
    expect(listed?.annotations).toEqual(toolAnnotations(record));
    expect(listed?.annotations).toMatchObject({
      readOnlyHint: record.risk === "read",
      destructiveHint: record.risk === "destroy",
      idempotentHint: expect.any(Boolean),
      openWorldHint: expect.any(Boolean),
    });
  });

  test("shows the record's own words", () => {
    expect(listed).toMatchObject({ title: record.title, description: record.description });
  });
});

test.each([
  ["search_tools", { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false }],
  ["describe_tool", { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false }],
  ["call_read_tool", { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: true }],
  ["call_write_tool", { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: true }],
  ["call_destructive_tool", { readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: true }],
])("%s says truly what it does", (name, hints) => {
  expect(ownTools.find((tool) => tool.name === name)?.annotations).toMatchObject(hints);
});
