/** Documents as nobody writes them by hand and some tool does, small ones, and what is served of them. */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { stringify } from "yaml";
import { readInputs, type Inputs } from "../../codegen/inputs.ts";
import { importText } from "./mutations/pipeline.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** The project's inputs, where nothing but the document speaks: no drafts, no words, no tools of our own. */
export async function readBareInputs(): Promise<Inputs> {
  const read = await readInputs(join(root, "openapi"));
  const curation = { ...read.curation, isWhole: false, operations: new Map(), composites: new Map() };
  return { ...read, curation, drafts: { ...read.drafts, paths: {}, components: {} } };
}

export const responses = { 200: { description: "" } };
export const key = { type: "apiKey", in: "header", name: "x-portkey-api-key" };
export const HEAD = {
  openapi: "3.1.0",
  info: { title: "Portkey", version: "1" },
  servers: [{ url: "https://api.portkey.ai/v1" }],
};
export const documentOf = (paths: object, components: object = {}) => ({
  ...HEAD,
  paths,
  components: { securitySchemes: { key }, ...components },
});
export const textOf = (paths: object, components: object = {}) => stringify(documentOf(paths, components));
export const bodyOf = (schema: unknown, type = "application/json") => ({
  requestBody: { required: true, content: { [type]: { schema } } },
  responses,
});
/** A document whose one operation takes a body of this schema. */
export const posted = (schema: unknown, schemas: object = {}) =>
  textOf({ "/widgets": { post: bodyOf(schema) } }, { schemas });

/** Each tool with what it takes, our own arguments and all texts aside. */
export async function toolsOf(text: string, inputs: Inputs): Promise<Record<string, unknown>> {
  const { generated } = await importText(text, inputs);
  const told = generated.tools.map(({ record, full }) => {
    const own = record.arguments.map(({ name }) => [name, withoutTexts(full.properties?.[name])]);
    return [record.name, Object.fromEntries(own)] as const;
  });
  return Object.fromEntries(told);
}

function withoutTexts(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(withoutTexts);
  if (node === null || typeof node !== "object") return node;
  const kept = Object.entries(node).filter(([name, value]) => name !== "description" || typeof value !== "string");
  return Object.fromEntries(kept.map(([name, value]) => [name, withoutTexts(value)]));
}

export const TEXT = { type: "string" };
export const fields = (properties: object, more: object = {}) => ({ type: "object", properties, ...more });
