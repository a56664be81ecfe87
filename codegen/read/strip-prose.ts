/**
 * Drops every sentence of the source: no text reaches a model that was not written and reviewed here.
 * What stays are the interface's facts: paths, parameters, fields, types, enums, required, servers, security.
 */
import { operationsOf, type Document } from "./document.ts";

/** Keywords that hold prose or samples wherever a schema, parameter, response or operation stands. */
const prose = new Set(["description", "summary", "title", "example", "examples", "externalDocs", "tags"]);

/** Maps whose keys are names chosen by the API, never keywords. */
const nameMaps = new Set([
  "properties",
  "patternProperties",
  "schemas",
  "parameters",
  "responses",
  "requestBodies",
  "headers",
  "securitySchemes",
  "paths",
  "content",
  "mapping",
  "variables",
]);

/** A copy of `document` without prose, samples and vendor extensions. `title`: what its API is called. */
export function stripProse(document: Document, title = "Portkey Admin API"): Document {
  const facts = strip(document, false) as Document;
  // OpenAPI demands a description of every response; an empty one says nothing.
  for (const { operation } of operationsOf(facts)) {
    for (const response of Object.values(operation.responses)) if (!response.$ref) response["description"] = "";
  }
  return {
    ...facts,
    info: { title: `${title}: interface facts`, version: String(document.info?.version ?? "0") },
  };
}

function strip(node: unknown, namesAreFree: boolean): unknown {
  if (Array.isArray(node)) return node.map((item) => strip(item, false));
  if (node === null || typeof node !== "object") return node;
  const kept: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(node)) {
    if (!namesAreFree && (prose.has(key) || key.startsWith("x-"))) continue;
    // Enums and defaults are values: nothing inside them is a keyword.
    if (!namesAreFree && (key === "enum" || key === "default")) kept[key] = value;
    else kept[key] = strip(value, !namesAreFree && nameMaps.has(key) && !Array.isArray(value));
  }
  return kept;
}
