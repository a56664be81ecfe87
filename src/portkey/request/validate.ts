/**
 * A call's values against the generated zod schemas. Only their verdict is used. Their parsed copy is dropped, because
 * it lacks the members that its schema does not list.
 */
import type { z } from "zod";
import type { ToolRecord } from "../../catalog/record.ts";
import { parseForeign, type Parsed } from "../../errors/parse-foreign.ts";
import { bind, type BoundRequest } from "./bind.ts";
import { classify, type Findings } from "./classify.ts";
import { sortNulls } from "./null-values.ts";
import type { Problem } from "./problem.ts";
import type { Mistyped } from "./text-values.ts";

/** What checks one tool's arguments, by where they go; all but `body` and `own` by Portkey's parameter names. */
export interface ToolValidators {
  readonly path?: z.ZodType;
  readonly query?: z.ZodType;
  readonly header?: z.ZodType;
  readonly body?: z.ZodType;
  /** Arguments that are this server's own, all of them in one object. */
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

/** The request that `values` make, and everything that is wrong with them or unlike the document. */
export function validate(record: ToolRecord, values: Values, validators: ToolValidators): Validation {
  const { problems, ...request } = bind(record, values);
  const findings = findingsOf(record, values, request, validators);
  const found = findings.flatMap((each) => each.problems);
  return {
    request,
    problems: [...problems, ...found],
    warnings: findings.flatMap((each) => each.warnings),
    mistyped: found.filter((problem): problem is Mistyped => "at" in problem),
  };
}

function findingsOf(
  record: ToolRecord,
  values: Values,
  request: BoundRequest,
  validators: ToolValidators,
): readonly Findings[] {
  const ownArguments = record.arguments.filter(({ name, place }) => place === "own" && Object.hasOwn(values, name));
  const own = Object.fromEntries(ownArguments.map(({ name }) => [name, values[name]]));
  return [
    renamed(runValidator(validators.path, request.path), record),
    runValidator(validators.query, request.query),
    renamed(runValidator(validators.header, request.header), record),
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
    // zod throws where the two sides of an allOf disagree about a default; that says nothing about the arguments.
    return NOTHING;
  }
  return result.success ? NOTHING : classify(result.error.issues, value, at);
}

/** Parts of the path and headers are listed in snake_case; all others are called as at Portkey. */
function renamed(found: Findings, record: ToolRecord): Findings {
  if (found === NOTHING) return found;
  const { problems, warnings } = found;
  const others = record.arguments.filter(({ place }) => place === "path" || place === "header");
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
