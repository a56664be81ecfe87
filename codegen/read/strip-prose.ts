/**
 * Removes all prose of the source, so that models read only text that was written and reviewed in this project.
 * The facts of the interface stay: paths, parameters, fields, types, enums, required, servers, security.
 */
import { operationsOf, type Document } from "./document.ts";

/** Keywords of schemas, parameters, responses and operations that hold prose or samples. */
const prose = new Set(["description", "summary", "title", "example", "examples", "externalDocs", "tags"]);

/** Maps whose keys are names of the API, not keywords of OpenAPI. */
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

/** A copy of `document` without prose, samples and vendor extensions. `title` becomes the title of the API. */
export function stripProse(document: Document, title = "Portkey Admin API"): Document {
  const facts = strip(document, false) as Document;
  // OpenAPI requires a description in every response, so it is left empty.
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
