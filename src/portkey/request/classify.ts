/**
 * Sorts zod's issues into problems and warnings. A wrong JSON type or a missing required field is a problem.
 * Portkey's document lags its API in enums, formats and ranges, so a deviation there is a warning and the call is sent.
 */
import { ownMember } from "../../catalog/json.ts";
import type { z } from "zod";
import { clip } from "../../errors/clip.ts";
import { maskQuotation } from "../../log/mask.ts";
import { isSecretName } from "../../log/secret-names.ts";
import { formatPath, jsonType, withArticle, type Problem } from "./problem.ts";
import { valueAt, type Mistyped } from "./text-values.ts";

type Issue = z.core.$ZodIssue;

export interface Findings {
  /** `Mistyped` where the value has the wrong JSON type. */
  readonly problems: readonly (Problem | Mistyped)[];
  readonly warnings: readonly Problem[];
}

/** JSON's types by zod's names of types. */
const JSON_TYPES: Readonly<Record<string, string>> = {
  string: "string",
  number: "number",
  int: "integer",
  bigint: "integer",
  boolean: "boolean",
  array: "array",
  tuple: "array",
  object: "object",
  record: "object",
  null: "null",
};
/** How many values of an enum a message lists. */
const NAMED_VALUES = 12;

/** The findings about `value`, whose path in the arguments is `at`. */
export function classify(issues: readonly Issue[], value: unknown, at: readonly PropertyKey[] = []): Findings {
  const problems: (Problem | Mistyped)[] = [];
  const warnings: Problem[] = [];
  for (const issue of issues) {
    const found = classifyOne(issue, valueAt(value, issue.path), [...at, ...issue.path]);
    // Not push(...): a call may cause more findings than a function takes arguments.
    for (const finding of found.problems) problems.push(finding);
    for (const finding of found.warnings) warnings.push(finding);
  }
  return { problems, warnings };
}

function classifyOne(issue: Issue, value: unknown, at: readonly PropertyKey[]): Findings {
  const path = formatPath(at);
  if (value === undefined && rejectsAbsent(issue)) {
    const type = issue.code === "invalid_type" ? ` (${JSON_TYPES[issue.expected] ?? issue.expected})` : "";
    return problem(path, `is required${type}`);
  }
  switch (issue.code) {
    case "invalid_type":
      return wrongType(issue.expected, value, at);
    case "invalid_value":
      return wrongValue(issue.values, value, at);
    case "invalid_union":
      return issue.errors.length > 0
        ? wrongInEveryVariant(issue.errors, value, at)
        : warning(path, "matches none of the documented variants");
    case "unrecognized_keys":
      return warning(path, `has members that are not documented: ${issue.keys.slice(0, NAMED_VALUES).join(", ")}`);
    case "invalid_format":
      return warning(path, `is not in the documented format (${issue.format})`);
    case "too_small":
      return warning(path, `is below the documented minimum of ${issue.minimum}${unitName(issue.origin)}`);
    case "too_big":
      return warning(path, `is above the documented maximum of ${issue.maximum}${unitName(issue.origin)}`);
    default:
      return warning(path, "is not as documented");
  }
}

/** Whether an issue about an absent value means that the value is required. */
function rejectsAbsent(issue: Issue): boolean {
  if (issue.code === "invalid_union") return issue.errors.length > 0;
  return issue.code === "invalid_type" || issue.code === "invalid_value";
}

function wrongType(expected: string, value: unknown, at: readonly PropertyKey[]): Findings {
  const type = ownMember(JSON_TYPES, expected);
  if (type === undefined) return warning(formatPath(at), "is not documented here");
  if (type === "integer" && typeof value === "number")
    return warning(formatPath(at), "is documented as a whole number");
  return mistyped(at, [type], `must be ${withArticle(type)}, got ${withArticle(jsonType(value))}`);
}

function wrongValue(allowed: readonly unknown[], value: unknown, at: readonly PropertyKey[]): Findings {
  const named = allowed
    .slice(0, NAMED_VALUES)
    .map((candidate) => JSON.stringify(candidate))
    .join(", ");
  const list = allowed.length > NAMED_VALUES ? `${named} and ${allowed.length - NAMED_VALUES} more` : named;
  const types = [...new Set(allowed.map(jsonType))];
  if (!types.includes(jsonType(value))) {
    const text = `must be ${allowed.length > 1 ? "one of " : ""}${list}, got ${withArticle(jsonType(value))}`;
    return mistyped(at, types, text);
  }
  const shown = isSecretName(String(at.at(-1) ?? ""))
    ? "the value"
    : clip(maskQuotation(JSON.stringify(value).slice(0, 1_000)), 60);
  return warning(formatPath(at), `${shown} is not among the documented values ${list}`);
}

/** The findings of the variant with the fewest problems, among those that accept the value's JSON type. */
function wrongInEveryVariant(
  variants: readonly (readonly Issue[])[],
  value: unknown,
  at: readonly PropertyKey[],
): Findings {
  const found = variants.map((issues) => ({
    findings: classify(issues, value, at),
    offType: isOffType(issues, value),
  }));
  const harmless = found.find(({ findings }) => findings.problems.length === 0);
  if (harmless !== undefined) return harmless.findings;
  const fitting = found.filter(({ offType }) => !offType);
  if (fitting.length === 0) {
    const { types, text } = acceptedTypes(variants);
    return mistyped(at, types, `must be ${text}, got ${withArticle(jsonType(value))}`);
  }
  fitting.sort((one, other) => one.findings.problems.length - other.findings.problems.length);
  return fitting[0]?.findings ?? { problems: [], warnings: [] };
}

/** Whether a variant rejects the value's own JSON type, not something inside it. */
function isOffType(issues: readonly Issue[], value: unknown): boolean {
  return issues.some((issue) => {
    if (issue.path.length > 0) return false;
    if (issue.code === "invalid_union")
      return issue.errors.length > 0 && issue.errors.every((variant) => isOffType(variant, value));
    if (issue.code === "invalid_value") return !issue.values.some((allowed) => jsonType(allowed) === jsonType(value));
    return issue.code === "invalid_type";
  });
}

/** The JSON types that the variants accept, and a text that lists them, enum values included. */
function acceptedTypes(variants: readonly (readonly Issue[])[]): { readonly types: string[]; readonly text: string } {
  const types = new Set<string>();
  const words = new Set<string>();
  const collect = (issues: readonly Issue[]): void => {
    for (const issue of issues) {
      if (issue.path.length > 0) continue;
      if (issue.code === "invalid_type") {
        const type = JSON_TYPES[issue.expected] ?? issue.expected;
        types.add(type);
        words.add(withArticle(type));
      }
      if (issue.code === "invalid_value") {
        for (const allowed of issue.values) {
          types.add(jsonType(allowed));
          words.add(JSON.stringify(allowed) ?? "nothing");
        }
      }
      if (issue.code === "invalid_union") for (const variant of issue.errors) collect(variant);
    }
  };
  for (const variant of variants) collect(variant);
  const all = [...words];
  const text =
    all.length > NAMED_VALUES
      ? `${all.slice(0, NAMED_VALUES).join(", ")} or another documented value`
      : all.join(" or ");
  return { types: [...types], text };
}

function unitName(origin: string): string {
  if (origin === "string") return " characters";
  return origin === "array" || origin === "set" ? " items" : "";
}

function mistyped(at: readonly PropertyKey[], accepts: readonly string[], text: string): Findings {
  return { problems: [{ path: formatPath(at), text, at, accepts }], warnings: [] };
}

function problem(path: string, text: string): Findings {
  return { problems: [{ path, text }], warnings: [] };
}

function warning(path: string, text: string): Findings {
  return { problems: [], warnings: [{ path, text }] };
}
