/** What the tests over all tools share: every tool as generated and as listed, and what a listing costs. */
import { readFileSync } from "node:fs";
import { encode } from "gpt-tokenizer/encoding/o200k_base";
import { EDITION_NAMES, MAIN_EDITION, type EditionName } from "../../src/catalog/editions.ts";
import type { ListedTool } from "../../src/catalog/lookup.ts";
import type { JsonSchema, ToolRecord } from "../../src/catalog/record.ts";
import { CALL_TOOLS, DESCRIBE_TOOL, searchTool } from "../../src/mcp/tools/discover-listing.ts";

/** What there is of an edition. */
export interface Listing {
  readonly edition: EditionName;
  readonly records: readonly ToolRecord[];
  readonly catalogue: readonly ListedTool[];
  readonly fullSchemas: Readonly<Record<string, JsonSchema>>;
  /** The server's own tools, as discover mode lists them. */
  readonly ownTools: readonly ListedTool[];
  /** Everything that any mode lists. */
  readonly everyTool: readonly ListedTool[];
}

function listingOf(edition: EditionName): Listing {
  const generated = (name: string): unknown =>
    JSON.parse(readFileSync(new URL(`../../generated/${edition}/${name}`, import.meta.url), "utf8"));
  const records = generated("manifest.json") as ToolRecord[];
  const catalogue = generated("catalogue.json") as ListedTool[];
  const fullSchemas = generated("schemas.json") as Record<string, JsonSchema>;
  const domains = [...new Set(records.map(({ domain }) => domain))];
  const ownTools = [searchTool(domains), DESCRIBE_TOOL, ...CALL_TOOLS];
  return { edition, records, catalogue, fullSchemas, ownTools, everyTool: [...catalogue, ...ownTools] };
}

/** The main edition's. */
export const { records, catalogue, fullSchemas, ownTools, everyTool } = listingOf(MAIN_EDITION);

/** Every edition's. */
export const listings: readonly Listing[] = EDITION_NAMES.map(listingOf);

/** What a model pays for a tool: its name, description and arguments, as JSON, in tokens of o200k. */
export function tokensOf({ name, description, inputSchema }: ListedTool): number {
  return encode(JSON.stringify({ name, description, inputSchema })).length;
}

/** A schema node and where it stands. */
export interface Node {
  readonly at: string;
  readonly schema: JsonSchema;
}

/** Every node below a schema, the root included; `at` is a dotted path. */
export function nodesOf(schema: JsonSchema, at: string): Node[] {
  const properties = Object.entries(schema.properties ?? {}).flatMap(([name, inner]) =>
    nodesOf(inner, `${at}.${name}`),
  );
  const arms = (["oneOf", "anyOf", "allOf"] as const).flatMap((key) =>
    ((schema[key] ?? []) as JsonSchema[]).flatMap((arm, index) => nodesOf(arm, `${at}<${index}>`)),
  );
  return [{ at, schema }, ...properties, ...(schema.items ? nodesOf(schema.items, `${at}[]`) : []), ...arms];
}
