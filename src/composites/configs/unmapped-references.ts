/** Warns about values that look like references but cannot be renamed: they would still name the source's objects. */
import { isObject, type Json } from "../../catalog/json.ts";
import { formatPath, type Problem } from "../../portkey/request/problem.ts";
import { renameReferences } from "./config-references.ts";

/** The forms of Portkey's slugs: of a provider, a config, a prompt, a partial, a guardrail. */
const SLUG = /^(?:@[\w-]+(?:\/.*)?|(?:pc|pp|pl|pg)-[\w-]+)$/;

/** Members whose value is free text, and no reference. */
const FREE_TEXT = new Set(["metadata", "name", "then", "default"]);

/** Appended to each slug that is renamed, to recognise the others; it does not occur in configs. */
const RENAMED = "\u0000";

/** A problem for each value of the config that would still name an object of the source after renaming. */
export function unmappedReferences(config: Json): Problem[] {
  const found: Problem[] = [];
  visit(
    renameReferences(config, ({ slug }) => slug + RENAMED),
    ["config"],
    (path, value) => {
      if (value.includes(RENAMED)) return;
      const what = describeReference(path.at(-1), value);
      if (what !== undefined)
        found.push({ path: formatPath(path), text: `${what}, which is not mapped: change it by hand` });
    },
  );
  return found;
}

function describeReference(name: string | number | undefined, value: string): string | undefined {
  if (name === "guardrail_version_id") return "names a version of the source's guardrail";
  if (name === "$regex" && value.includes("@")) return `is the pattern ${JSON.stringify(value)}`;
  return SLUG.test(value) ? `is ${JSON.stringify(value)}, a reference by its looks` : undefined;
}

function visit(
  value: unknown,
  path: readonly (string | number)[],
  text: (path: readonly (string | number)[], value: string) => void,
): void {
  if (typeof value === "string") text(path, value);
  else if (Array.isArray(value)) value.forEach((item, index) => visit(item, [...path, index], text));
  else if (isObject(value)) {
    for (const [name, inner] of Object.entries(value)) {
      if (!isFreeText(name)) visit(inner, [...path, name], text);
    }
  }
}

/** Whether a member's value is free text; metadata is, also where a condition compares it. */
function isFreeText(name: string): boolean {
  return FREE_TEXT.has(name) || name.startsWith("metadata.");
}
