/** The editions of the API in this build. Of each, only what is asked for is loaded. */
import { editions } from "../../generated/editions.ts";
import type { Catalogue, ListedTool } from "./lookup.ts";
import { createCatalogue } from "./lookup.ts";
import type { JsonSchema, ToolRecord } from "./record.ts";
import type { SearchModel } from "./search/model.ts";

export type EditionName = keyof typeof editions;

export const EDITION_NAMES = Object.keys(editions) as readonly EditionName[];

/** The edition that is meant where none is named. */
export const MAIN_EDITION: EditionName = "portkey";

/** Every tool of an edition; a new object on each call. */
export async function loadEdition(name: EditionName): Promise<Catalogue> {
  const { manifest, catalogue } = editions[name];
  const [records, listed] = await Promise.all([manifest(), catalogue()]);
  return createCatalogue(records.default as unknown as ToolRecord[], listed.default as unknown as ListedTool[]);
}

/** The full JSON Schema of each tool's arguments, by tool name; read when first asked for. */
export async function loadSchemas(name: EditionName = MAIN_EDITION): Promise<Readonly<Record<string, JsonSchema>>> {
  const { default: schemas } = await editions[name].schemas();
  return schemas as unknown as Record<string, JsonSchema>;
}

/** What a tool answers. */
export interface ToolAnswer {
  /** An outline in the notation of listed schemas: `{data:[{id,name,total:integer}]}`. */
  readonly fields: string;
  /** Dotted paths of fields that others write: `data[].name`. */
  readonly untrusted?: readonly string[];
}

/** By tool name, as far as it is declared; read when first asked for. */
export async function loadAnswers(name: EditionName = MAIN_EDITION): Promise<Readonly<Record<string, ToolAnswer>>> {
  const { default: answers } = await editions[name].answers();
  return answers as unknown as Record<string, ToolAnswer>;
}

/**
 * The JSON Schema of each guardrail check's parameters, by the check's id; `every` holds what all of them take. A check
 * whose schema has no properties takes what is not known here.
 */
export async function loadGuardrailChecks(
  name: EditionName = MAIN_EDITION,
): Promise<Readonly<Record<string, JsonSchema>>> {
  const { default: checks } = await editions[name].guardrailChecks();
  return checks as unknown as Record<string, JsonSchema>;
}

/** What search has learnt about requests; read at the first search. */
export async function loadSearchModel(name: EditionName = MAIN_EDITION): Promise<SearchModel> {
  const { default: model } = await editions[name].search();
  return model;
}

/** What of one edition is read when it is first asked for. */
export interface EditionData {
  readonly loadSchemas: () => ReturnType<typeof loadSchemas>;
  readonly loadAnswers: () => ReturnType<typeof loadAnswers>;
  readonly loadGuardrailChecks: () => ReturnType<typeof loadGuardrailChecks>;
}

export function editionData(name: EditionName): EditionData {
  return {
    loadSchemas: () => loadSchemas(name),
    loadAnswers: () => loadAnswers(name),
    loadGuardrailChecks: () => loadGuardrailChecks(name),
  };
}

type DomainValidators = Awaited<ReturnType<(typeof editions)["portkey"]["validators"]>>["loadValidators"];

/** What loads a domain's validators, for each domain of these records. */
export function validatorsOf(name: EditionName, records: readonly Pick<ToolRecord, "domain">[]): DomainValidators {
  const domains = [...new Set(records.map(({ domain }) => domain))];
  const load = async (domain: string) => {
    const { loadValidators } = (await editions[name].validators()) as { loadValidators: DomainValidators };
    return (await loadValidators[domain]?.()) ?? { validators: {} };
  };
  return Object.fromEntries(domains.map((domain) => [domain, () => load(domain)]));
}
