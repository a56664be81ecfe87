/** The editions of the API in this build. Each part of an edition is loaded only when it is needed. */
import { editions } from "../../generated/editions.ts";
import type { Catalogue, ListedTool } from "./lookup.ts";
import { createCatalogue } from "./lookup.ts";
import type { JsonSchema, ToolRecord } from "./record.ts";
import type { SearchModel } from "./search/model.ts";

export type EditionName = keyof typeof editions;

export const EDITION_NAMES = Object.keys(editions) as readonly EditionName[];

/** The default edition. */
export const MAIN_EDITION: EditionName = "portkey";

/** Every tool of an edition; a new object on each call. */
export async function loadEdition(name: EditionName): Promise<Catalogue> {
  const { manifest, catalogue } = editions[name];
  const [records, listed] = await Promise.all([manifest(), catalogue()]);
  return createCatalogue(records.default as unknown as ToolRecord[], listed.default as unknown as ListedTool[]);
}

/** The full JSON Schema of each tool's arguments, by tool name; loaded at the first call. */
export async function loadSchemas(name: EditionName = MAIN_EDITION): Promise<Readonly<Record<string, JsonSchema>>> {
  const { default: schemas } = await editions[name].schemas();
  return schemas as unknown as Record<string, JsonSchema>;
}

/** The documented shape of a tool's answer. */
export interface ToolAnswer {
  /** An outline in the notation of listed schemas: `{data:[{id,name,total:integer}]}`. */
  readonly fields: string;
  /** Dotted paths of fields whose text comes from outside: `data[].name`. */
  readonly untrusted?: readonly string[];
}

/** The declared answers, by tool name; loaded at the first call. */
export async function loadAnswers(name: EditionName = MAIN_EDITION): Promise<Readonly<Record<string, ToolAnswer>>> {
  const { default: answers } = await editions[name].answers();
  return answers as unknown as Record<string, ToolAnswer>;
}

/**
 * The JSON Schema of each guardrail check's parameters, by the check's id; `every` holds those that all checks take.
 * A schema without properties means that the check's parameters are not documented.
 */
export async function loadGuardrailChecks(
  name: EditionName = MAIN_EDITION,
): Promise<Readonly<Record<string, JsonSchema>>> {
  const { default: checks } = await editions[name].guardrailChecks();
  return checks as unknown as Record<string, JsonSchema>;
}

/** The trained search model; loaded at the first search. */
export async function loadSearchModel(name: EditionName = MAIN_EDITION): Promise<SearchModel> {
  const { default: model } = await editions[name].search();
  return model;
}

/** The parts of one edition that are loaded when they are first needed. */
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

/** A loader of validators for each domain of these records. */
export function validatorLoaders(name: EditionName, records: readonly Pick<ToolRecord, "domain">[]): DomainValidators {
  const domains = [...new Set(records.map(({ domain }) => domain))];
  const load = async (domain: string) => {
    const { loadValidators } = (await editions[name].validators()) as { loadValidators: DomainValidators };
    return (await loadValidators[domain]?.()) ?? { validators: {} };
  };
  return Object.fromEntries(domains.map((domain) => [domain, () => load(domain)]));
}
