/**
 * Validates a call's values by the generated zod schemas. Only the issues are used: zod's parsed copy is dropped, since
 * it lacks members that the schema does not list.
 */
import type { z } from "zod";
import type { Place, ToolRecord } from "../../catalog/record.ts";
import { parseForeign, type Parsed } from "../../errors/parse-foreign.ts";
import { bind, type BoundRequest } from "./bind.ts";
import { classify, type Findings } from "./classify.ts";
import { sortNulls } from "./null-values.ts";
import type { Problem } from "./problem.ts";
import type { Mistyped } from "./text-values.ts";

/** The schemas of one tool's arguments by place; all but `body` and `own` use Portkey's parameter names. */
export interface ToolValidators {
  readonly path?: z.ZodType;
  readonly query?: z.ZodType;
  readonly header?: z.ZodType;
  readonly body?: z.ZodType;
  /** The schema of an object of all arguments with the place `own`. */
  readonly own?: z.ZodType;
}

export interface Validation {
  readonly request: BoundRequest;
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
  /** Values of the wrong JSON type. */
  readonly mistyped: readonly Mistyped[];
}

type Values = Readonly<Record<string, unknown>>;

const NOTHING: Findings = { problems: [], warnings: [] };

/** The request made of `values`, with every problem and warning about them. */
export function validate(record: ToolRecord, values: Values, validators: ToolValidators): Validation {
  const { problems, ...request } = bind(record, values);
  const findings = validatePlaces(record, values, request, validators);
  const schemaProblems = findings.flatMap((finding) => finding.problems);
  return {
    request,
    problems: [...problems, ...schemaProblems],
    warnings: findings.flatMap((finding) => finding.warnings),
    mistyped: schemaProblems.filter((problem): problem is Mistyped => "at" in problem),
  };
}

function validatePlaces(
  record: ToolRecord,
  values: Values,
  request: BoundRequest,
  validators: ToolValidators,
): readonly Findings[] {
  const ownArguments = record.arguments.filter(({ name, place }) => place === "own" && Object.hasOwn(values, name));
  const own = Object.fromEntries(ownArguments.map(({ name }) => [name, values[name]]));
  return [
    renamed(runValidator(validators.path, request.path), record, "path"),
    renamed(runValidator(validators.query, request.query), record, "query"),
    renamed(runValidator(validators.header, request.header), record, "header"),
    bodyFindings(record, values, request.body, validators.body),
    runValidator(validators.own, own),
  ];
}

function bodyFindings(record: ToolRecord, values: Values, body: unknown, validator: z.ZodType | undefined): Findings {
  if (body === undefined) return NOTHING;
  const whole = record.body === "whole" ? "body" : "entries";
  const at = record.body !== "fields" && Object.hasOwn(values, whole) ? [whole] : [];
  const found = runValidator(validator, body, at);
  return sortNulls(record, found, values, (others) => runValidator(validator, bind(record, others).body, at));
}

function runValidator(validator: z.ZodType | undefined, value: unknown, at: readonly string[] = []): Findings {
  if (validator === undefined) return NOTHING;
  let result: Parsed<unknown>;
  try {
    result = parseForeign(validator, value);
  } catch {
    // zod throws where the two sides of an allOf disagree about a default; the arguments are not at fault.
    return NOTHING;
  }
  return result.success ? NOTHING : classify(result.error.issues, value, at);
}

/** Findings with the caller's argument names, which may differ from Portkey's parameter names. */
function renamed(found: Findings, record: ToolRecord, place: Place): Findings {
  if (found === NOTHING) return found;
  const { problems, warnings } = found;
  const others = record.arguments.filter((argument) => argument.place === place);
  const names = new Map(others.map(({ name, api }) => [api, name]));
  const byName = (path: string) => names.get(path) ?? path;
  return {
    problems: problems.map((problem) => {
      const path = byName(problem.path);
      return "at" in problem ? { ...problem, path, at: [path] } : { ...problem, path };
    }),
    warnings: warnings.map(({ path, text }) => ({ path: byName(path), text })),
  };
}
