/**
 * Generates the zod schemas that check arguments, with @hey-api/openapi-ts. There is one module per domain, so that the
 * first call of a tool loads only the module of its domain. The schemas check the request in the form the API takes.
 * Their output is not sent, because zod strips unknown fields and adds defaults.
 */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dropUnreachedComponents } from "../read/components.ts";
import type { ToolRecord } from "../../src/catalog/record.ts";
import {
  bodySchemaOf,
  resolve,
  type Document,
  type Operation,
  type Parameter,
  type PathItem,
  type Schema,
} from "../read/document.ts";
import type { Tool } from "../derive/tool.ts";
import type { MakeText } from "./made.ts";
import { pascalCase } from "../derive/words.ts";

/** Keywords that do not restrict requests, or that are unreliable (discriminators that contradict their variants). */
const notChecked = new Set(["default", "discriminator", "readOnly", "writeOnly"]);

/** File name to content: `validators/<domain>.ts` for each domain, and `validators.ts`, which loads them. */
export async function emitValidators(
  facts: Document,
  tools: readonly Tool[],
  text: MakeText = (_name, _from, make) => make(),
): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  const domains = [...new Set(tools.map(({ record }) => record.domain))].sort();
  for (const domain of domains) {
    const mine = tools.filter(({ record }) => record.domain === domain);
    const name = `validators/${domain}.ts`;
    const document = documentOf(facts, mine);
    files.set(name, await text(name, document, () => moduleOf(document, mine)));
  }
  const loaders = domains
    .map((domain) => `  ${JSON.stringify(domain)}: () => import("./validators/${domain}.ts"),\n`)
    .join("");
  const tableType = "Readonly<Record<string, () => Promise<{ validators: Readonly<Record<string, Validators>> }>>>";
  const lines = [
    'import type { ZodType } from "zod";',
    "",
    "export interface Validators {",
    "  readonly path?: ZodType;",
    "  readonly query?: ZodType;",
    "  readonly header?: ZodType;",
    "  readonly body?: ZodType;",
    "  readonly own?: ZodType;",
    "}",
    "",
    "/** Loads a domain's validators, by tool name, when one of its tools is first called. */",
    `export const loadValidators: ${tableType} = {`,
    `${loaders}};`,
    "",
  ];
  files.set("validators.ts", lines.join("\n"));
  return files;
}

/** The source of a domain's module: the schemas of its tools, and a table of them by tool and place. */
async function moduleOf(document: Document, tools: readonly Tool[]): Promise<string> {
  const zod = await zodOf(document);
  const schemas = zod.replace(/^\/\/ This file.*\n+/, "");
  const rows = tools.map((tool) => tableRow(tool, zod)).join("");
  const lines = [
    schemas,
    "/** What checks each tool's arguments, by the place they are sent in. */",
    "export const validators = {",
    `${rows}};`,
    "",
  ];
  return lines.join("\n");
}

function tableRow({ record }: Tool, zod: string): string {
  const has = (name: string) => zod.includes(`export const ${name} =`);
  const base = `z${pascalCase(record.name)}`;
  const parts = [
    ["path", `${base}Path`],
    ["query", `${base}Query`],
    ["header", `${base}Headers`],
    ["body", `${base}Body`],
    ["own", `${base}OwnBody`],
  ].filter(([, name]) => has(name as string));
  return `  ${record.name}: { ${parts.map(([part, name]) => `${part}: ${name}`).join(", ")} },\n`;
}

/** A document with the requests of these tools only. A composite's own arguments are the body of an extra path. */
function documentOf(facts: Document, tools: readonly Tool[]): Document {
  const paths: Record<string, PathItem> = {};
  for (const { record, at, ownArguments, widened } of tools) {
    if (at) {
      const item = facts.paths[at.path] as PathItem;
      const { parameters } = item;
      paths[at.path] = {
        ...(parameters && { parameters }),
        ...paths[at.path],
        [at.method]: requestOnly(withWidened(facts, servedOnly(facts, record, item[at.method]), widened), record.name),
      };
    }
    if (ownArguments) {
      paths[`/own/${record.name}`] = {
        post: requestOnly(
          { requestBody: { required: true, content: { "application/json": { schema: ownArguments } } }, responses: {} },
          `${record.name}_own`,
        ),
      };
    }
  }
  const { openapi, info, components } = facts;
  return withoutKeywords(
    dropUnreachedComponents({ openapi, info, paths, ...(components && { components }) }),
  ) as Document;
}

/** The operation without the headers that are not arguments. The server sends those itself; they need no check. */
function servedOnly(facts: Document, record: ToolRecord, operation: Operation | undefined): Operation {
  const served = new Set(record.arguments.filter(({ place }) => place === "header").map(({ api }) => api));
  const isServed = (parameter: Parameter) => {
    const { in: place, name } = resolve(facts, parameter);
    return place !== "header" || served.has(name);
  };
  const { parameters, ...others } = operation ?? { responses: {} };
  return parameters ? { ...others, parameters: parameters.filter(isServed) } : others;
}

/** The operation with the body fields as its composite accepts them. The composite converts them to the API's form. */
function withWidened(
  facts: Document,
  operation: Operation,
  widened: Readonly<Record<string, Schema>> | undefined,
): Operation {
  const body = widened && bodySchemaOf(facts, operation);
  if (!body) return operation;
  const schema = resolve(facts, body.schema);
  const wide = { ...schema, properties: { ...schema.properties, ...widened } };
  return { ...operation, requestBody: { required: body.required, content: { "application/json": { schema: wide } } } };
}

function requestOnly(operation: Operation, operationId: string): Operation {
  const { parameters, requestBody } = operation;
  return {
    operationId,
    ...(parameters && { parameters }),
    ...(requestBody && { requestBody }),
    responses: { 200: { description: "" } },
  };
}

function withoutKeywords(node: unknown, namesAreFree = false): unknown {
  if (Array.isArray(node)) return node.map((item) => withoutKeywords(item));
  if (node === null || typeof node !== "object") return node;
  const sent = namesAreFree ? node : withoutUnsent(node);
  const kept = Object.entries(sent).filter(([key]) => namesAreFree || !notChecked.has(key));
  return Object.fromEntries(
    kept.map(([key, value]) => [key, withoutKeywords(value, !namesAreFree && key === "properties")]),
  );
}

/** The schema without `readOnly` fields in `required`: only answers have them. */
function withoutUnsent(node: object): object {
  const { properties, required } = node as Schema;
  if (!Array.isArray(required) || properties === undefined) return node;
  return { ...node, required: required.filter((name) => properties[name]?.["readOnly"] !== true) };
}

async function zodOf(document: Document): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "portkey-zod-"));
  try {
    const { createClient } = await import("@hey-api/openapi-ts");
    await createClient({
      input: document as never,
      output: { path: folder },
      plugins: [{ name: "zod", responses: false, dates: { offset: true } }],
      logs: { level: "silent", file: false },
    });
    // The generator writes no file if no tool of the domain has arguments.
    return await readFile(join(folder, "zod.gen.ts"), "utf8").catch(() => "");
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
