/** Names what looks like a reference and stands where none can be renamed, so that it is not left behind in silence. */
import { isObject, type Json } from "../../catalog/json.ts";
import { formatPath, type Problem } from "../../portkey/request/problem.ts";
import { renameReferences } from "./config-references.ts";

/** Slugs of Portkey's by their form: of a provider, a config, a prompt, a partial, a guardrail. */
const SLUG = /^(?:@[\w-]+(?:\/.*)?|(?:pc|pp|pl|pg)-[\w-]+)$/;

/** Members whose value is the caller's own, whatever it looks like. */
const OWN = new Set(["metadata", "name", "then", "default"]);

/** Put behind each slug that is renamed, to tell it from one that is not; no text of a config holds it. */
const RENAMED = "\u0000";

/** Every place of the config whose value would still name a thing of the source after the renaming. */
export function unmappedReferences(config: Json): Problem[] {
  const found: Problem[] = [];
  visit(
    renameReferences(config, ({ slug }) => slug + RENAMED),
    ["config"],
    (path, value) => {
      if (value.includes(RENAMED)) return;
      const what = whatIsLeft(path.at(-1), value);
      if (what !== undefined)
        found.push({ path: formatPath(path), text: `${what}, which is not mapped: change it by hand` });
    },
  );
  return found;
}

function whatIsLeft(name: string | number | undefined, value: string): string | undefined {
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
      if (!isOwn(name)) visit(inner, [...path, name], text);
    }
  }
}

/** What an application sends as metadata is its own, also where a condition compares it. */
function isOwn(name: string): boolean {
  return OWN.has(name) || name.startsWith("metadata.");
}
