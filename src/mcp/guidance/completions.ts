/**
 * Completions of ids, slugs and names, from lists that the caller's own keys can read.
 * Never an error: where there is no completion, the value can still be typed.
 */
import type { Json } from "../../catalog/json.ts";
import type { Catalogue } from "../../catalog/lookup.ts";
import { createValueCache, type Candidate } from "./completions-cache.ts";
import type { Arguments, CallTool } from "../parts.ts";
import { PLANS, type ValueSource } from "./prompts-plans.ts";
import type { Caller, Registry, ToolResult } from "../registry.ts";
import { TEMPLATES, templateUri } from "./resources.ts";

interface Source {
  readonly tool: string;
  readonly arguments: Arguments;
  /** The member that is offered, then the others by which it can be found. */
  readonly members: readonly [string, ...string[]];
  /** Whether the argument `workspace` narrows the list, or is needed for it. */
  readonly workspace?: "narrows" | "needed";
}

const SOURCES: Readonly<Record<Exclude<ValueSource, "tool">, Source>> = {
  prompt: { tool: "list_prompts", arguments: { all_pages: true }, members: ["id", "slug", "name"] },
  config: { tool: "list_configs", arguments: {}, members: ["slug", "name"] },
  guardrail: { tool: "list_guardrails", arguments: { all_pages: true }, members: ["id", "slug", "name"] },
  collection: {
    tool: "list_collections",
    arguments: { all_pages: true },
    members: ["id", "slug", "name"],
    workspace: "needed",
  },
  workspace: { tool: "list_workspaces", arguments: { all_pages: true }, members: ["slug", "name"] },
  api_key: { tool: "list_api_keys", arguments: { all_pages: true }, members: ["id", "name"], workspace: "narrows" },
};

/** MCP's limit for one answer. */
const MAX_VALUES = 100;

/** A completion that takes longer is of no use to a person who types. */
const TIMEOUT_MS = 5_000;

export function createComplete(catalogue: Catalogue, callTool: CallTool): Registry["complete"] {
  const cachedValues = createValueCache();
  return async ({ ref, argument: { name, value }, context }, caller, link) => {
    const values = sourceOf(ref, name);
    if (values === undefined) return answer([]);
    if (values === "tool") return answer(findMatches(toolNames(catalogue, caller), value));
    const source = SOURCES[values];
    const workspace = source.workspace && chosenWorkspace(context);
    if (source.workspace === "needed" && workspace === undefined) return answer([]);
    const args = { ...source.arguments, ...(workspace !== undefined && { workspace_id: workspace }) };
    const candidates = await cachedValues(caller, JSON.stringify([values, workspace]), () => {
      const signal = AbortSignal.any([link.signal, AbortSignal.timeout(TIMEOUT_MS)]);
      return fetchCandidates(source, (fields) => callTool(source.tool, { ...args, fields }, caller, { signal }));
    });
    return answer(findMatches(candidates, value));
  };
}

function toolNames(catalogue: Catalogue, { policy }: Caller): Candidate[] {
  return catalogue.admitted(policy).map((record) => ({ value: record.name, names: record.aliases }));
}

function chosenWorkspace(context: Json | undefined): string | undefined {
  const workspace = (context?.["arguments"] as Json | undefined)?.["workspace"];
  return typeof workspace === "string" && workspace !== "" ? workspace : undefined;
}

/** Where an argument's values come from; undefined for one that cannot be completed. */
function sourceOf(ref: Json, argument: string): ValueSource | undefined {
  if (ref["type"] === "ref/prompt") {
    return PLANS.find(({ name }) => name === ref["name"])?.arguments.find(({ name }) => name === argument)?.values;
  }
  return TEMPLATES.find((template) => templateUri(template) === ref["uri"] && template.variable === argument)?.values;
}

/** The values of a source. `list` calls its tool with the argument `fields`. Throws where that fails. */
async function fetchCandidates(
  { tool, members }: Source,
  list: (fields: string) => Promise<ToolResult>,
): Promise<Candidate[]> {
  const { content, isError } = await list(members.join(","));
  if (isError === true) throw new Error(`${tool} failed`);
  const body: unknown = JSON.parse(String(content[0]?.["text"]));
  return itemsOf(body).flatMap((item) => {
    const [value, ...names] = members.map((member) => item[member]);
    return typeof value === "string" ? [{ value, names: names.filter((one) => typeof one === "string") }] : [];
  });
}

/** The entries of a list, which the API answers as an array, or as an object with `data`. */
function itemsOf(body: unknown): readonly Readonly<Record<string, unknown>>[] {
  if (Array.isArray(body)) return body;
  const { data } = body as { data?: unknown };
  return Array.isArray(data) ? data : [];
}

/** The values that begin with the typed text, or have a name that does; ignoring case. */
function findMatches(candidates: readonly Candidate[], typed: string): string[] {
  const wanted = typed.toLowerCase();
  const begins = (text: string) => text.toLowerCase().startsWith(wanted);
  return candidates.filter(({ value, names }) => begins(value) || names.some(begins)).map(({ value }) => value);
}

function answer(values: readonly string[]): Json {
  return {
    completion: { values: values.slice(0, MAX_VALUES), total: values.length, hasMore: values.length > MAX_VALUES },
  };
}
