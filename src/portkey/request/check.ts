/**
 * Checks a call before anything is sent: known arguments, required ones, ids that stay in their place, and the JSON
 * types of the full schema. Only the verdict of the generated zod schemas is used. Their parsed copy is dropped,
 * because it lacks the members that its schema does not list.
 */
import type { z } from "zod";
import type { ToolRecord } from "../../catalog/record.ts";
import { readArguments, type ParsedArguments } from "./arguments.ts";
import { bind, type BoundRequest } from "./bind.ts";
import { classify, type Findings } from "./classify.ts";
import { badInput, problemLine, type Problem } from "./problem.ts";
import { roundedNumbers } from "./rounded-numbers.ts";

/** What checks one tool's arguments, by where they go; `path` and `query` by Portkey's parameter names. */
export interface ToolValidators {
  readonly path?: z.ZodType;
  readonly query?: z.ZodType;
  readonly body?: z.ZodType;
  /** Arguments that are this server's own, all of them in one object. */
  readonly own?: z.ZodType;
}

/** Loads a domain's validators when one of its tools is first called. */
export type LoadValidators = Readonly<
  Record<string, () => Promise<{ readonly validators: Readonly<Record<string, ToolValidators>> }>>
>;

export interface CheckedCall {
  readonly parsed: ParsedArguments;
  readonly request: BoundRequest;
  readonly warnings: readonly string[];
}

/** Throws BAD_INPUT that names everything wrong at once; what is merely unlike the document comes back as warnings. */
export type CheckCall = (record: ToolRecord, args: unknown) => Promise<CheckedCall>;

/** More warnings than these say nothing new. */
const MOST_WARNINGS = 10;

/** A check over these validators; without any, or for a domain that has none, JSON types go unchecked. */
export function createCheck(loadValidators: LoadValidators = {}): CheckCall {
  const loaded = new Map<string, Readonly<Record<string, ToolValidators>>>();
  /** A domain is imported once: even to find a module loaded costs more than all the rest of a check. */
  async function load(domain: string): Promise<Readonly<Record<string, ToolValidators>>> {
    const { validators } = (await loadValidators[domain]?.()) ?? { validators: {} };
    loaded.set(domain, validators);
    return validators;
  }

  return async (record, args) => {
    const parsed = readArguments(record, args);
    const request = bind(record, parsed.values);
    const validators = (loaded.get(record.domain) ?? (await load(record.domain)))[record.name] ?? {};
    const findings = runValidators(record, parsed, request, validators);
    const problems = [
      ...parsed.problems,
      ...request.problems,
      ...findings.flatMap((found) => found.problems),
      ...roundedNumbers(parsed.values),
    ];
    if (problems.length > 0) throw badInput(record.name, problems);
    const warnings = findings.flatMap((found) => found.warnings).map(problemLine);
    return { parsed, request, warnings: [...new Set(warnings)].slice(0, MOST_WARNINGS) };
  };
}

function runValidators(
  record: ToolRecord,
  parsed: ParsedArguments,
  request: BoundRequest,
  validators: ToolValidators,
): Findings[] {
  const names = new Map(record.arguments.filter(({ place }) => place === "path").map(({ name, api }) => [api, name]));
  const ownArguments = record.arguments.filter(
    ({ name, place }) => place === "own" && Object.hasOwn(parsed.values, name),
  );
  const whole = record.body === "whole" ? "body" : "entries";
  const inBody = record.body !== "fields" && Object.hasOwn(parsed.values, whole) ? [whole] : [];
  return [
    runValidator(validators.path, request.path, [], names),
    runValidator(validators.query, request.query, []),
    request.body === undefined ? NOTHING : runValidator(validators.body, request.body, inBody),
    runValidator(validators.own, Object.fromEntries(ownArguments.map(({ name }) => [name, parsed.values[name]])), []),
  ];
}

const NOTHING: Findings = { problems: [], warnings: [] };

function runValidator(
  validator: z.ZodType | undefined,
  value: unknown,
  at: readonly string[],
  names?: ReadonlyMap<string, string>,
): Findings {
  if (validator === undefined) return NOTHING;
  let result: ReturnType<z.ZodType["safeParse"]>;
  try {
    result = validator.safeParse(value);
  } catch {
    // zod throws where the two sides of an allOf disagree about a default; that says nothing about the arguments.
    return NOTHING;
  }
  if (result.success) return NOTHING;
  const { problems, warnings } = classify(result.error.issues, value, at);
  // Path parameters are listed in snake_case, and only they are called otherwise than at Portkey.
  const renamed = ({ path, text }: Problem): Problem => ({ path: names?.get(path) ?? path, text });
  return { problems: problems.map(renamed), warnings: warnings.map(renamed) };
}
