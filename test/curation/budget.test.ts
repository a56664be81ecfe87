/** What the catalogue costs a model on every turn. A failure says which tools cost most. */
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { curatedNames, readCuration } from "../../codegen/read/curation.ts";
import { MAIN_EDITION } from "../../src/catalog/editions.ts";
import { catalogue, listings, ownTools, tokensOf } from "../generated/listing.ts";
import { DESCRIBE_TOOL } from "../../src/mcp/tools/discover-listing.ts";

/** The tools that have words of ours. What an import has just brought is told by its report, with its price. */
const openapi = fileURLToPath(new URL("../../openapi", import.meta.url));
const read = await Promise.all(listings.map(({ edition }) => readCuration(openapi, edition, edition === MAIN_EDITION)));
const curated = new Set(read.flatMap((curation) => [...curatedNames(curation)]));
const uncurated = new Set(
  listings.flatMap(({ records }) => records.map(({ name }) => name)).filter((name) => !curated.has(name)),
);
const isBudgeted = ({ name }: { readonly name: string }) => !uncurated.has(name);

const costs = [...catalogue.filter(isBudgeted), DESCRIBE_TOOL]
  .map((tool) => ({ name: tool.name, tokens: tokensOf(tool) }))
  .sort((a, b) => b.tokens - a.tokens);
const total = costs.reduce((sum, { tokens }) => sum + tokens, 0);
const median = costs[Math.floor(costs.length / 2)]?.tokens ?? 0;
const most = () =>
  costs
    .slice(0, 15)
    .map(({ name, tokens }) => `${name} ${tokens}`)
    .join(", ");

test("the default listing costs at most 20,000 tokens", () => {
  expect(total, `${costs.length} tools cost ${total} tokens, most of them: ${most()}`).toBeLessThanOrEqual(20_000);
});

test("half of the tools cost at most 90 tokens", () => {
  expect(median, `most: ${most()}`).toBeLessThanOrEqual(90);
});

test("no tool costs more than 600 tokens", () => {
  expect(costs.filter(({ tokens }) => tokens > 600)).toEqual([]);
});

test("there are at least 182 tools", () => {
  expect(catalogue.length).toBeGreaterThanOrEqual(182);
});

test.each(listings)(
  "$edition costs at most 20,000 tokens, half of its tools at most 90, and none over 600",
  (listing) => {
    const each = [...listing.catalogue.filter(isBudgeted), DESCRIBE_TOOL].map(tokensOf).sort((a, b) => a - b);
    expect(each.reduce((sum, tokens) => sum + tokens, 0)).toBeLessThanOrEqual(20_000);
    expect(each[Math.floor(each.length / 2)]).toBeLessThanOrEqual(90);
    expect(each.at(-1)).toBeLessThanOrEqual(600);
  },
);

test("discover mode's five tools cost at most 1,000 tokens together", () => {
  const own = ownTools.map((tool) => ({ name: tool.name, tokens: tokensOf(tool) }));
  expect(own).toHaveLength(5);
  expect(
    own.reduce((sum, { tokens }) => sum + tokens, 0),
    JSON.stringify(own),
  ).toBeLessThanOrEqual(1_000);
});
