/**
 * Checks a call before anything is sent: arguments and their slips, required ones, ids that stay in their place, and
 * the JSON types of the full schema. What is merely unlike the document goes out, and a warning says so.
 */
import type { EditionData } from "../../catalog/editions.ts";
import { keyArgumentName } from "../../catalog/key-argument.ts";
import type { Place, ToolRecord } from "../../catalog/record.ts";
import { keepRead, keptRead, readArguments, type ParsedArguments } from "./arguments.ts";
import type { BoundRequest } from "./bind.ts";
import { placeOf } from "./places.ts";
import { badInput, problemLine } from "./problem.ts";
import { roundedNumbers } from "./rounded-numbers.ts";
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
  /** The arguments as they are meant: flat, `more` merged in, text read. Checked again, they are known to be right. */
  readonly args: Readonly<Record<string, unknown>>;
}

/** Throws BAD_INPUT that names everything wrong at once; what is merely unlike the document comes back as warnings. */
export type CheckCall = (record: ToolRecord, args: unknown) => Promise<CheckedCall>;

export interface CheckOptions {
  /** What becomes of arguments that no record knows; default: send. */
  readonly unknownFields?: UnknownFields;
  /** Of the records' edition; without it, rules beyond the schemas go unchecked. */
  readonly data?: Pick<EditionData, "loadGuardrailChecks">;
}

/** Where a number or a word goes out as text anyway. */
const WRITTEN_AS_TEXT: ReadonlySet<Place | undefined> = new Set(["path", "query", "header"]);

/** More warnings than these say nothing new. */
const MOST_WARNINGS = 10;

/** A check over these validators; without any, or for a domain that has none, JSON types go unchecked. */
export function createCheck(
  loadValidators: LoadValidators = {},
  { unknownFields, data }: CheckOptions = {},
): CheckCall {
  const loaded = new Map<string, Readonly<Record<string, ToolValidators>>>();
  /** A domain is imported once: even to find a module loaded costs more than all the rest of a check. */
  async function load(domain: string): Promise<Readonly<Record<string, ToolValidators>>> {
    const { validators } = (await loadValidators[domain]?.()) ?? { validators: {} };
    loaded.set(domain, validators);
    return validators;
  }

  return async (record, args) => {
    // What was checked is not checked twice: a call passes here once for its question and once for its request.
    const known = keptRead<CheckedCall>(record, args);
    if (known !== undefined) return known;
    const parsed = readArguments(record, args, unknownFields);
    const validators = (loaded.get(record.domain) ?? (await load(record.domain)))[record.name] ?? {};
    const { values, findings, notes } = readTexts(
      parsed.values,
      (each) => validate(record, each, validators),
      (name) => WRITTEN_AS_TEXT.has(placeOf(record, name)),
    );
    // Where text was read, there may be other numbers.
    const rounded = parsed.inexact || values !== parsed.values ? roundedNumbers(values) : [];
    const problems = [...parsed.problems, ...findings.problems, ...rounded];
    if (problems.length > 0) throw badInput(record.name, problems);
    const doubts = record.rules === undefined || data === undefined ? [] : await ruleWarnings(record, values, data);
    const warnings = [...parsed.notes, ...notes, ...findings.warnings, ...doubts].map(problemLine);
    const call: CheckedCall = {
      parsed: { ...parsed, values },
      request: findings.request,
      warnings: [...new Set(warnings)].slice(0, MOST_WARNINGS),
      args: asGiven(record, parsed, values),
    };
    keepRead(record, call);
    return call;
  };
}

function asGiven(
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
