/** Reads the project's curation: the tables of operations, the composites and the glossary. */
import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { JsonSchema, KeyKind, Reach, Risk, ToolRecord } from "../../src/catalog/record.ts";
import { operationKey } from "../derive/derive.ts";
import { guardrailCheckRows, type GuardrailChecks } from "./guardrail-checks.ts";
import { readerOf, readTable, TableError } from "./tables.ts";

/** The names of all curated tools, including those that the current document does not have. */
export function curatedNames({ operations, composites }: Pick<Curation, "operations" | "composites">): Set<string> {
  return new Set([...[...operations.values()].map(({ name }) => name), ...composites.keys()]);
}

/** One row of openapi/curation/<domain>.yaml. */
export interface Curated {
  name: string;
  title: string;
  description: string;
  risk?: Risk;
  idempotent?: boolean;
  scopes?: string;
  key?: KeyKind;
  reach?: Reach;
  /** The number of the first page of a paged list, if the document does not declare it. */
  first_page?: 0 | 1;
  tells_workspace?: NonNullable<ToolRecord["tellsWorkspace"]>;
  aliases?: string[];
  keywords?: string[];
  /** The name of extra checks on the arguments, beyond the schema (src/portkey/request/rules.ts). */
  rules?: string;
  /** Advice on errors, by HTTP status. `unknown`: a write got no response, so its outcome is not known. */
  on_error?: Readonly<Record<string, string>>;
  /** Arguments of the example call, if those made from the schema would be wrong or harmful. */
  example?: Readonly<Record<string, unknown>>;
}

/** One row of openapi/composites.yaml: a tool of this project, or an extension of an operation's tool. */
export interface CuratedComposite extends Partial<Curated> {
  domain?: string;
  /** The operations' tools that it calls. If one of them does not exist, the composite is not served. */
  calls?: string[];
  /** The JSON Schema of its own arguments. */
  arguments?: JsonSchema;
  output?: JsonSchema;
}

export interface Glossary {
  common: Record<string, string>;
  fields: Record<string, string>;
  /** Texts by the last parts of a field's path, such as `messages.role`: the object and the field in it. */
  objects?: Record<string, string>;
  tools: Record<string, Record<string, string>>;
  /** Names of fields that outlines in listings show at full depth. */
  opened?: string[];
  /** Rare fields that are left out of listings, by component or tool (derive/unlisted.ts). */
  unlisted?: Readonly<Record<string, readonly string[]>>;
}

/** A row with its operation and domain. `own`: it is in the edition's own table, not in the shared one. */
export type CuratedRow = Curated & { readonly domain: string; readonly at: string; readonly own: boolean };

export interface Curation {
  /** Whether this edition should have all operations of the shared tables. Rows without one are then reported. */
  readonly isWhole: boolean;
  /** Replaces the kind of key in all rows that take a key, and removes their scopes. */
  readonly key?: "token";
  /** By `operationKey`, which ignores letter case and parameter names. */
  readonly operations: ReadonlyMap<string, CuratedRow>;
  /** By tool name. `override`: the row extends an operation's tool. */
  readonly composites: ReadonlyMap<string, CuratedComposite & { override: boolean }>;
  readonly glossary: Glossary;
  readonly guardrailChecks: GuardrailChecks;
}

/** The schema of a row. Other members are errors. */
const curated = {
  name: z.string(),
  title: z.string(),
  description: z.string(),
  risk: z.enum(["read", "create", "update", "destroy"]).optional(),
  idempotent: z.boolean().optional(),
  scopes: z.string().optional(),
  key: z.enum(["any", "workspace", "admin", "token", "none"]).optional(),
  reach: z.enum(["workspace", "organisation"]).optional(),
  first_page: z.literal([0, 1]).optional(),
  tells_workspace: z.enum(["workspace_id", "id"]).optional(),
  aliases: z.array(z.string()).optional(),
  keywords: z.array(z.string()).optional(),
  rules: z.string().optional(),
  on_error: z.record(z.string().regex(/^(4\d\d|unknown)$/), z.string()).optional(),
  example: z.record(z.string(), z.unknown()).optional(),
};
const anySchema = z.record(z.string(), z.unknown());
const texts = z.record(z.string(), z.string());
export const curatedRows = z.record(z.string().regex(/^(GET|POST|PUT|PATCH|DELETE) \//), z.strictObject(curated));
export const compositeRows = z.record(
  z.string().regex(/^(COMPOSITE|OVERRIDE) \w+$/),
  z.strictObject({
    ...z.object(curated).partial().shape,
    domain: z.string().optional(),
    calls: z.array(z.string()).optional(),
    arguments: anySchema.optional(),
    output: anySchema.optional(),
  }),
);
export const glossaryTable = z.strictObject({
  common: texts.default({}),
  fields: texts.default({}),
  objects: texts.default({}),
  tools: z.record(z.string(), texts).default({}),
  opened: z.array(z.string()).default([]),
  unlisted: z.record(z.string(), z.array(z.string())).default({}),
});

/** The schemas of the curation files directly under openapi/, by file name. */
export const wordTables = {
  "composites.yaml": compositeRows,
  "glossary.yaml": glossaryTable,
  "guardrail-checks.yaml": guardrailCheckRows,
};

/**
 * The shared tables, overridden by the edition's own (openapi/<edition>/curation and glossary.yaml), if there are any.
 * Throws TableError, with file and line, for invalid YAML, unknown members and duplicate rows.
 */
export async function readCuration(folder: string, edition: string, isWhole: boolean): Promise<Curation> {
  const operations = await readRows(join(folder, "curation"), false);
  for (const [key, row] of await readRows(join(folder, edition, "curation"), true)) operations.set(key, row);
  const readWords = readerOf(folder, wordTables);
  const composites = new Map<string, CuratedComposite & { override: boolean }>();
  for (const [head, row] of Object.entries(await readWords("composites.yaml"))) {
    const [kind, name] = head.split(" ") as [string, string];
    if (kind === "COMPOSITE" && !(row.title && row.description && row.domain))
      throw new TableError(`${join(folder, "composites.yaml")}: ${head} needs title, description and domain`);
    composites.set(name, { ...(row as CuratedComposite), override: kind === "OVERRIDE" });
  }
  return {
    isWhole,
    operations,
    composites,
    glossary: await readGlossary(folder, edition),
    guardrailChecks: await readWords("guardrail-checks.yaml"),
  };
}

async function readRows(folder: string, own: boolean): Promise<Map<string, CuratedRow>> {
  const operations = new Map<string, CuratedRow>();
  const names = new Set<string>();
  const files = existsSync(folder) ? await readdir(folder) : [];
  for (const file of files.filter((name) => name.endsWith(".yaml")).sort()) {
    const path = join(folder, file);
    for (const [at, row] of Object.entries(await readTable(path, curatedRows))) {
      const [method, place] = at.split(" ") as [string, string];
      const key = operationKey(method, place);
      if (operations.has(key)) throw new TableError(`${path}: ${at} is curated twice`);
      if (names.has(row.name)) throw new TableError(`${path}: ${at}: another operation is called ${row.name} too`);
      names.add(row.name);
      operations.set(key, { ...(row as Curated), domain: file.replace(/\.yaml$/, ""), at, own });
    }
  }
  return operations;
}

/** The shared glossary, overridden by the edition's own. */
async function readGlossary(folder: string, edition: string): Promise<Glossary> {
  const shared = await readerOf(folder, wordTables)("glossary.yaml");
  const path = join(folder, edition, "glossary.yaml");
  if (!existsSync(path)) return shared;
  const own = await readTable(path, glossaryTable);
  const tools = Object.entries(own.tools).map(([name, texts]) => [name, { ...shared.tools[name], ...texts }] as const);
  return {
    common: { ...shared.common, ...own.common },
    fields: { ...shared.fields, ...own.fields },
    objects: { ...shared.objects, ...own.objects },
    tools: { ...shared.tools, ...Object.fromEntries(tools) },
    opened: [...(shared.opened ?? []), ...own.opened],
    unlisted: { ...shared.unlisted, ...own.unlisted },
  };
}

/** The curation with moved operations at their new paths. `moves`: new `METHOD /path` to old one (moves.ts). */
export function withMoves(curation: Curation, moves: Readonly<Record<string, string>>): Curation {
  const operations = new Map(curation.operations);
  for (const [to, from] of Object.entries(moves)) {
    const [toKey, fromKey] = [to, from].map((at) => operationKey(...(at.split(" ") as [string, string]))) as [
      string,
      string,
    ];
    const row = operations.get(fromKey);
    if (row && !operations.has(toKey)) {
      operations.delete(fromKey);
      operations.set(toKey, row);
    }
  }
  return { ...curation, operations };
}

/**
 * The text for a field of a tool: by its whole path in this tool, else by the longest end of the path that the glossary
 * has, else by the field's name. `trail` is the path as names, without array marks.
 */
export function fieldText(glossary: Glossary, tool: string, trail: readonly string[]): string {
  const inTool = ownText(glossary.tools?.[tool], trail.join("."));
  if (inTool !== undefined) return inTool;
  for (let start = 0; start < trail.length - 1; start += 1) {
    const inObject = ownText(glossary.objects, trail.slice(start).join("."));
    if (inObject !== undefined) return inObject;
  }
  return ownText(glossary.fields, trail.at(-1) ?? "") ?? "";
}

/** Looks up own members only, since a field may be called `constructor`. */
function ownText(texts: Readonly<Record<string, string>> | undefined, name: string): string | undefined {
  return texts && Object.hasOwn(texts, name) ? texts[name] : undefined;
}
