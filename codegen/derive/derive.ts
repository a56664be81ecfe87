/** Derives tool names and descriptions for operations without a row in the curation. Deterministic. */
import type { Method } from "../read/document.ts";
import { sentenceCase, singular, snakeCase } from "./words.ts";

const verbs = {
  item: { get: "get", post: "create", put: "update", patch: "update", delete: "delete" },
  collection: { get: "list", post: "create", put: "update", patch: "update", delete: "delete" },
} as const;

/** In characters. MCP clients put the server's name before it, and cut the result at 60 or 64 characters. */
const longestName = 40;

/** `GET /prompts/{promptId}/versions` is `list_prompt_versions`; `PUT /prompts/{promptId}` is `update_prompt`. */
export function derivedName(method: Method, path: string): string {
  return nameOf(verbOf(method, path), nounsOf(method, path));
}

/** Candidate names for an operation, the simplest first. Later ones use the method as verb, or add path parameters. */
export function derivedNames(method: Method, path: string): string[] {
  const nouns = nounsOf(method, path);
  const parameters = [...path.matchAll(/\{([^}]+)\}/g)].map(([, name]) => snakeCase(name as string));
  const verb = verbOf(method, path);
  const by = parameters.length > 0 ? [nameOf(verb, [...nouns, "by", ...parameters])] : [];
  return [nameOf(verb, nouns), nameOf(method, nouns), ...by];
}

function verbOf(method: Method, path: string): string {
  return verbs[path.endsWith("}") ? "item" : "collection"][method];
}

function nounsOf(method: Method, path: string): string[] {
  const segments = path.split("/").filter(Boolean);
  return segments.flatMap((segment, index) => {
    if (segment.startsWith("{")) return [];
    const ownsItem = segments[index + 1]?.startsWith("{") ?? false;
    const createsOne = index === segments.length - 1 && method === "post";
    const word = snakeCase(segment).replace(/^_+|_+$/g, "");
    return [ownsItem || createsOne ? singular(word) : word];
  });
}

function nameOf(verb: string, nouns: readonly string[]): string {
  const name = [verb, ...nouns.filter(Boolean)].join("_");
  return name.length <= longestName ? name : shorten(name);
}

/** Keeps the verb and the last words, in which similar operations differ. */
function shorten(name: string): string {
  const words = name.split("_");
  while (words.join("_").length > longestName && words.length > 2) words.splice(1, 1);
  return words.join("_").slice(0, longestName);
}

/** A sentence that says only what the method and the path show. */
export function derivedDescription(name: string, method: Method, path: string): string {
  return `${sentenceCase(name)} (${method.toUpperCase()} ${path}).`;
}

/** A key that is equal for all spellings of an operation: it ignores letter case and names of path parameters. */
export function operationKey(method: string, path: string): string {
  return `${method.toUpperCase()} ${path.replace(/\{[^}]*\}/g, "{}").toLowerCase()}`;
}
