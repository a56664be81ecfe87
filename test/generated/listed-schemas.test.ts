/**
 * What MCP clients can take of a tool's arguments: plain objects, one JSON type for each node, and every text that
 * there is.
 */
import { describe, expect, test } from "vitest";
import { listings, nodesOf } from "./listing.ts";

/** Keywords that some client refuses or drops a tool for, at any depth. */
const REFUSED = [
  "$ref",
  "$defs",
  "definitions",
  "oneOf",
  "anyOf",
  "allOf",
  "not",
  "if",
  "then",
  "else",
  "patternProperties",
  "const",
];

const TYPES = ["string", "number", "integer", "boolean", "object", "array"];

const everyTool = listings.flatMap((listing) =>
  listing.everyTool.map((tool) => [listing.edition, tool.name, tool, listing.fullSchemas[tool.name]] as const),
);

describe.each(everyTool)("%s: %s", (_edition, name, { inputSchema }, full) => {
  const nodes = nodesOf(inputSchema, name);

  test("takes an object with properties", () => {
    expect(inputSchema.type).toBe("object");
    expect(inputSchema.properties).toBeTypeOf("object");
    expect(Object.keys(inputSchema.properties ?? {})).toEqual(
      expect.arrayContaining([...(inputSchema.required ?? [])]),
    );
  });

  test("uses no keyword that clients refuse", () => {
    expect(
      nodes.flatMap(({ at, schema }) => REFUSED.filter((key) => key in schema).map((key) => `${at}: ${key}`)),
    ).toEqual([]);
  });

  test("gives each node one type, and each list its items", () => {
    expect(nodes.filter(({ schema }) => !TYPES.includes(schema.type as string)).map(({ at }) => at)).toEqual([]);
    expect(
      nodes.filter(({ schema }) => schema.type === "array" && schema.items === undefined).map(({ at }) => at),
    ).toEqual([]);
  });

  test("names arguments as clients take them, and describes each that has words", () => {
    const described = Object.entries(inputSchema.properties ?? {});
    expect(described.map(([key]) => key).filter((key) => !/^[a-zA-Z0-9_.-]{1,64}$/.test(key))).toEqual([]);
    const isSilent = (key: string) => full?.properties?.[key] !== undefined && !full.properties[key].description;
    const silent = described.filter(([key, { description = "" }]) => description === "" && !isSilent(key));
    expect(silent.map(([key]) => key)).toEqual([]);
  });
});
