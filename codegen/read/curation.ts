/** Reads the project's own words and decisions: the curation tables, the composites, the glossary. */
import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { JsonSchema, KeyKind, Reach, Risk, ToolRecord } from "../../src/catalog/record.ts";
import { operationKey } from "../derive/derive.ts";
import { guardrailCheckRows, type GuardrailChecks } from "./guardrail-checks.ts";
import { readerOf, readTable, TableError } from "./tables.ts";

/** The names that our words give to tools, whether a document has them at present or not. */
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
  /** The number of a paged list's first page, where the document does not say it. */
  first_page?: 0 | 1;
  tells_workspace?: NonNullable<ToolRecord["tellsWorkspace"]>;
  aliases?: string[];
  keywords?: string[];
  /** Rules beyond the schema that its arguments are held to, by their name in src/portkey/request/rules.ts. */
  rules?: string;
  /** What to do about a refusal, by status; `unknown`: where the answer to a write is missing. */
  on_error?: Readonly<Record<string, string>>;
  /** Arguments of an example call, where those made from the schema would be wrong or do harm. */
  example?: Readonly<Record<string, unknown>>;
}

/** One row of openapi/composites.yaml: a tool of our own, or more said and taken by an operation's tool. */
export interface CuratedComposite extends Partial<Curated> {
  domain?: string;
  /** Plain tools it calls; without one of them in the document, it cannot be served. */
  calls?: string[];
  /** JSON Schema of its own arguments. */
  arguments?: JsonSchema;
  output?: JsonSchema;
}

export interface Glossary {
  common: Record<string, string>;
  fields: Record<string, string>;
  /** By the end of the path: the object that has the field, and its name, such as `messages.role`. */
  objects?: Record<string, string>;
  tools: Record<string, Record<string, string>>;
  /** Fields that a listing's outline tells to their leaves, by name. */
  opened?: string[];
  /** Rare fields that no listing names, by component or tool (derive/unlisted.ts). */
  unlisted?: Readonly<Record<string, readonly string[]>>;
}

/** A row with its place. `own`: of the edition's own table, not of the shared one. */
export type CuratedRow = Curated & { readonly domain: string; readonly at: string; readonly own: boolean };

export interface Curation {
  /** The shared tables are this edition's own: a row of them without an operation is told. */
  readonly isWhole: boolean;
  /** What every operation of the edition that takes a key takes instead; scopes are those of keys. */
  readonly key?: "token";
  /** By operation key (`operationKey`): letter case and parameter names do not matter. */
  readonly operations: ReadonlyMap<string, CuratedRow>;
  /** By tool name; `operation` where it overrides an operation's tool. */
  readonly composites: ReadonlyMap<string, CuratedComposite & { override: boolean }>;
  readonly glossary: Glossary;
  readonly guardrailChecks: GuardrailChecks;
}

/** A row's members; what is not among them is a slip. */
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

/** The tables of words that stand beside the folders, by file. */
export const wordTables = {
  "composites.yaml": compositeRows,
  "glossary.yaml": glossaryTable,
  "guardrail-checks.yaml": guardrailCheckRows,
};

/**
 * The shared tables, and over them the edition's own (openapi/<edition>/curation and glossary.yaml), where it has any.
 * Throws TableError: broken YAML, unknown members, a row twice; with file and line.
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

/** The shared texts; the edition's own go before them. */
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

/** The same with operations that changed their path where they are now. `moves`: new place to old place (moves.ts). */
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
 * The text for a field of a tool, by place: its whole path in this tool, else the object it belongs to (the longest
 * end of
 * the path that the glossary knows), else its name anywhere. `trail` has no array marks.
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

/** A field may be called `constructor`: only what the table has itself is a text. */
function ownText(texts: Readonly<Record<string, string>> | undefined, name: string): string | undefined {
  return texts && Object.hasOwn(texts, name) ? texts[name] : undefined;
}
