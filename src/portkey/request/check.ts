/**
 * Checks a call before anything is sent: misspelt and missing arguments, ids that would change the path, and the JSON
 * types of the full schema. A value that only deviates from Portkey's document is sent, with a warning.
 */
import type { EditionData } from "../../catalog/editions.ts";
import { keyArgumentName } from "../../catalog/key-argument.ts";
import type { Place, ToolRecord } from "../../catalog/record.ts";
import { storeChecked, findChecked, readArguments, type ParsedArguments } from "./arguments.ts";
import type { BoundRequest } from "./bind.ts";
import { findPlace } from "./places.ts";
import { badInput, problemLine } from "./problem.ts";
import { findRoundedNumbers } from "./rounded-numbers.ts";
import { ruleWarnings } from "./rules.ts";
import { readTexts } from "./text-values.ts";
import type { UnknownFields } from "./unknown-fields.ts";
import { validate, type ToolValidators } from "./validate.ts";

/** Loads a domain's validators when one of its tools is first called. */
export type LoadValidators = Readonly<
  Record<string, () => Promise<{ readonly validators: Readonly<Record<string, ToolValidators>> }>>
>;

export interface CheckedCall {
  readonly parsed: ParsedArguments;
  readonly request: BoundRequest;
  readonly warnings: readonly string[];
  /** The normalised arguments: flat, with `more` merged in and texts converted. They pass another check at no cost. */
  readonly args: Readonly<Record<string, unknown>>;
}

/** Throws a BAD_INPUT that lists every problem; mere deviations from the document are returned as warnings. */
export type CheckCall = (record: ToolRecord, args: unknown) => Promise<CheckedCall>;

export interface CheckOptions {
  /** Whether unknown arguments are sent or refused; default: send. */
  readonly unknownFields?: UnknownFields;
  /** Data of the records' edition; without it, rules beyond the schemas are not checked. */
  readonly data?: Pick<EditionData, "loadGuardrailChecks">;
}

/** Places where every value is written as text. */
const WRITTEN_AS_TEXT: ReadonlySet<Place | undefined> = new Set(["path", "query", "header"]);

/** How many warnings are returned at most. */
const MOST_WARNINGS = 10;

/** A check by these validators; in a domain without any, JSON types are not checked. */
export function createCheck(
  loadValidators: LoadValidators = {},
  { unknownFields, data }: CheckOptions = {},
): CheckCall {
  const loaded = new Map<string, Readonly<Record<string, ToolValidators>>>();
  /** Imports a domain's validators once: importing even a loaded module costs more than the rest of a check. */
  async function load(domain: string): Promise<Readonly<Record<string, ToolValidators>>> {
    const { validators } = (await loadValidators[domain]?.()) ?? { validators: {} };
    loaded.set(domain, validators);
    return validators;
  }

  return async (record, args) => {
    // A call is checked before its confirmation and again before its request; the second time is free.
    const checked = findChecked<CheckedCall>(record, args);
    if (checked !== undefined) return checked;
    const parsed = readArguments(record, args, unknownFields);
    const validators = (loaded.get(record.domain) ?? (await load(record.domain)))[record.name] ?? {};
    const { values, findings, notes } = readTexts(
      parsed.values,
      (candidate) => validate(record, candidate, validators),
      (name) => WRITTEN_AS_TEXT.has(findPlace(record, name)),
    );
    // Values converted from text may hold further numbers.
    const rounded = parsed.inexact || values !== parsed.values ? findRoundedNumbers(values) : [];
    const problems = [...parsed.problems, ...findings.problems, ...rounded];
    if (problems.length > 0) throw badInput(record.name, problems);
    const doubts = record.rules === undefined || data === undefined ? [] : await ruleWarnings(record, values, data);
    const warnings = [...parsed.notes, ...notes, ...findings.warnings, ...doubts].map(problemLine);
    const call: CheckedCall = {
      parsed: { ...parsed, values },
      request: findings.request,
      warnings: [...new Set(warnings)].slice(0, MOST_WARNINGS),
      args: normalisedArguments(record, parsed, values),
    };
    storeChecked(record, call);
    return call;
  };
}

function normalisedArguments(
  record: ToolRecord,
  { dryRun, allPages, names, key, fieldsGiven }: ParsedArguments,
  values: CheckedCall["args"],
): CheckedCall["args"] {
  return {
    ...values,
    ...(dryRun && { dry_run: true }),
    ...(allPages && { all_pages: true }),
    ...(names && { names: true }),
    ...(key !== undefined && { [keyArgumentName(record)]: key }),
    ...(fieldsGiven !== undefined && { fields: fieldsGiven }),
  };
}
