/**
 * What an API's owner does to the document from one version to the next, all at once on the project's own: tools,
 * arguments and corrections stay, but for what callers do have to know.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { parse, stringify } from "yaml";
import { generateTools, type Generated } from "../../codegen/derive/records.ts";
import { reportOf, type Report } from "../../codegen/emit/report.ts";
import { bareDocument, factsOf } from "../../codegen/facts.ts";
import { readInputs } from "../../codegen/inputs.ts";
import { root } from "../../codegen/project.ts";
import { withMoves } from "../../codegen/read/curation.ts";
import { methods, operationsOf, type Document, type PathItem, type Schema } from "../../codegen/read/document.ts";
import { readDocument } from "../../codegen/read/load.ts";
import { movesBetween } from "../../codegen/read/places/moves.ts";
import { bind } from "../../src/portkey/request/bind.ts";

const TEXT: Schema = { type: "string" };
const textOf = (document: Document) => stringify(document, { aliasDuplicateObjects: false });
const itemAt = (document: Document, path: string) => document.paths[path] as PathItem;
const bodyAt = (item: PathItem, method: "post" | "put") =>
  item[method]?.requestBody?.content?.["application/json"] as { schema: Schema };
const schemasOf = (document: Document) => document.components?.["schemas"] as Record<string, Schema>;

function moved(document: Document, from: string, to: string): void {
  document.paths[to] = itemAt(document, from);
  Reflect.deleteProperty(document.paths, from);
}

/** By what was done, how it is done in place. */
const CHANGES: Readonly<Record<string, (document: Document) => void>> = {
  "a part of a path has another name": (document) => {
    const item = itemAt(document, "/configs/{slug}");
    for (const holder of [item, ...methods.flatMap((method) => item[method] ?? [])])
      for (const parameter of holder.parameters ?? []) if (parameter.name === "slug") parameter.name = "configSlug";
    moved(document, "/configs/{slug}", "/configs/{configSlug}");
  },
  "operations move": (document) => {
    moved(document, "/collections", "/prompt-collections");
    moved(document, "/collections/{collectionId}", "/prompt-collections/{collectionId}");
  },
  "a body is split into parts": (document) => {
    const media = bodyAt(itemAt(document, "/labels"), "post");
    schemasOf(document)["Label.Part/Fields"] = media.schema;
    media.schema = { allOf: [{ $ref: "#/components/schemas/Label.Part~1Fields" }, { type: "object" }] };
  },
  "a query parameter is demanded": (document) => {
    const { get } = itemAt(document, "/labels");
    get?.parameters?.push({ name: "region", in: "query", required: true, schema: TEXT });
  },
  "null is written as in 3.1": (document) => {
    const written = JSON.stringify(document).replace(
      /"type":"(\w+)","nullable":true/g,
      (_, type: string) => `"type":["${type}","null"]`,
    );
    Object.assign(document, JSON.parse(written), { openapi: "3.1.0" });
  },
  "each operation says what errors are, and what calls it back": (document) => {
    const content = { "application/problem+json": { schema: { type: "object", properties: { title: TEXT } } } };
    const callbacks = { done: { "{$request.body#/url}": { post: { responses: { 200: { description: "" } } } } } };
    const links = { next: { operationId: "nowhere" } };
    for (const { operation } of operationsOf(document)) {
      operation["callbacks"] = callbacks;
      operation["deprecated"] = true;
      operation.operationId = "same";
      operation.responses["default"] = { description: "", content, links };
    }
  },
  "a login is offered, and another server": (document) => {
    const login = { type: "oauth2", flows: { clientCredentials: { tokenUrl: "https://example.com", scopes: {} } } };
    Object.assign(document.components?.["securitySchemes"] ?? {}, { login });
    for (const { operation } of operationsOf(document)) operation["security"] = [{ "Portkey-Key": [] }, { login: [] }];
    document.servers?.push({ url: "https://eu.api.portkey.ai/v1" });
    const get = { responses: { 200: { description: "" } }, security: [{ "Portkey-Key": [] }, { login: [] }] };
    document.paths["/regions"] = { get };
  },
  "there are webhooks, tags and extensions": (document) => {
    document["webhooks"] = { spent: { post: { responses: { 200: { description: "" } } } } };
    document["tags"] = [{ name: "Other" }];
    document["x-vendor"] = { paths: {} };
    for (const { operation } of operationsOf(document)) operation["tags"] = ["Other"];
  },
};

let report: Report;
let after: Generated;
/** The report of an import of the project's own document as it is: what is told there already is nothing new. */
let already: Report;
beforeAll(async () => {
  const document = parse(readFileSync(join(root, "openapi/portkey/document.yaml"), "utf8")) as Document;
  for (const change of Object.values(CHANGES)) change(document);
  const inputs = await readInputs(join(root, "openapi"));
  const curated = new Set(inputs.curation.operations.keys());
  const source = readDocument(textOf(document), "next.yaml");
  const bare = bareDocument({ ...inputs, source, curated, keepProse: false });
  const moves = { ...inputs.moves, ...movesBetween(inputs.document, bare.document, inputs.facts) };
  const facts = await factsOf({ ...inputs, document: bare.document, moves });
  const before = generateTools(inputs.facts, withMoves(inputs.curation, inputs.moves));
  after = generateTools(facts.document, withMoves(inputs.curation, moves));
  const inferenceBefore = inputs.document["x-inference"] as string[];
  report = reportOf({ before, inferenceBefore, after, bare, facts });
  const same = { document: inputs.document, inference: inferenceBefore, leftOut: [], loosened: [] };
  already = reportOf({ before, inferenceBefore, after: before, bare: same, facts: await factsOf(inputs) });
}, 120_000);

test("callers are told of what they have to do, and of paths", () => {
  const told = report.changes.map(({ tool, kind, breaking }) => `${breaking ? "breaking " : ""}${tool} ${kind}`);
  expect(told).toEqual([
    "create_collection renamed",
    "delete_collection renamed",
    "delete_config renamed",
    "get_collection renamed",
    "get_config renamed",
    "list_collections renamed",
    "breaking list_prompt_labels newly required",
    "list_regions added",
    "update_collection renamed",
    "update_config renamed",
  ]);
});

/** What is told beside changes. */
const KINDS = [
  "staleActions",
  "needlessDrafts",
  "leftOut",
  "gone",
  "unserved",
  "unsaid",
  "newInference",
  "toCurate",
] as const;

test("nothing of ours loses its effect, and nothing of theirs is left out", () => {
  const told = KINDS.flatMap((kind) => {
    const known = new Set(already[kind].map((note) => JSON.stringify(note)));
    return report[kind].filter((note) => !known.has(JSON.stringify(note))).map((note) => [kind, note] as const);
  });
  expect(told).toEqual([["toCurate", "GET /regions"]]);
});

test("a part of a path is given by its old name, and sent by the new one", () => {
  const { record } = after.tools.find((tool) => tool.record.name === "get_config") ?? {};
  expect(record && bind(record, { slug: "pc-1" })).toMatchObject({ path: { configSlug: "pc-1" }, problems: [] });
});
