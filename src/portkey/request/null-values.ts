/**
 * Lets null in a body be sent, with a warning where it is not documented: in an update it clears a field, and Portkey's
 * own clients clear more fields than the document allows. A required field cannot be null.
 */
import type { ToolRecord } from "../../catalog/record.ts";
import type { Findings } from "./classify.ts";
import type { Problem } from "./problem.ts";
import { Replacements } from "./replacements.ts";
import { valueAt, type Mistyped } from "./text-values.ts";

const CLEARS: ReadonlySet<string | undefined> = new Set(["PUT", "PATCH"]);

const WARNING = "null is not documented here: it goes out as given";
const CLEARING = `${WARNING}, and clears the field where the API allows that`;

type Values = Readonly<Record<string, unknown>>;

/**
 * `found` with the nulls that may be sent moved to the warnings. `findingsWithout` gives the findings about the values
 * without those nulls: a member that is reported missing then is required.
 */
export function sortNulls(
  record: ToolRecord,
  found: Findings,
  values: Values,
  findingsWithout: (values: Values) => Findings,
): Findings {
  const nulls = found.problems.filter((problem): problem is Mistyped => isNullMember(problem, values));
  if (nulls.length === 0) return found;
  const clears = CLEARS.has(record.method);
  const required = requiredArguments(record);
  const missing = clears ? required : missingWithout(nulls, values, findingsWithout);
  const sendable = new Set<Problem>(nulls.filter(({ path }) => !required.has(path) && !missing.has(path)));
  const text = clears ? CLEARING : WARNING;
  return {
    problems: found.problems.filter((problem) => !sendable.has(problem)),
    warnings: [...found.warnings, ...[...sendable].map(({ path }) => ({ path, text }))],
  };
}

/** Whether the problem is about a member of an object that is null, which could have been left out. */
function isNullMember(problem: Problem | Mistyped, values: Values): boolean {
  return "at" in problem && typeof problem.at.at(-1) === "string" && valueAt(values, problem.at) === null;
}

function requiredArguments(record: ToolRecord): ReadonlySet<string> {
  return new Set(record.arguments.filter(({ required }) => required).map(({ name }) => name));
}

function missingWithout(
  nulls: readonly Mistyped[],
  values: Values,
  findingsWithout: (values: Values) => Findings,
): ReadonlySet<string> {
  const left = new Replacements();
  for (const { at } of nulls) left.add(at, undefined);
  const others = left.apply(values) as Values;
  return new Set(findingsWithout(others).problems.map(({ path }) => path));
}
