/**
 * How the built-in tools are listed. All five cost less than 1,000 tokens (test/curation). A call_ tool is only listed
 * where the policy admits a tool that it can call.
 */
import type { Catalogue, ListedTool } from "../../catalog/lookup.ts";
import type { Policy } from "../../catalog/policy.ts";
import type { JsonSchema } from "../../catalog/record.ts";
import { callToolFor } from "./discover-callers.ts";

/** A built-in tool; its arguments are few enough to be checked against the listed schema. */
export interface BuiltInTool extends ListedTool {
  readonly inputSchema: JsonSchema & { readonly properties: Readonly<Record<string, JsonSchema>> };
}

const LOCAL = { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false };
const TARGET: BuiltInTool["inputSchema"] = {
  type: "object",
  properties: {
    name: { type: "string", description: "Tool, from search_tools" },
    arguments: { type: "object", description: "Its arguments, as its inputSchema says" },
  },
  required: ["name"],
};

export const DESCRIBE_TOOL: BuiltInTool = {
  name: "describe_tool",
  title: "Describe tool",
  description: "Full schema of a tool, with scopes, an example and its neighbours.",
  inputSchema: {
    type: "object",
    properties: {
      name: { type: "string", description: "Tool name" },
      path: { type: "string", description: "Only this part: config.targets, checks:portkey.pii" },
    },
    required: ["name"],
  },
  annotations: { title: "Describe tool", ...LOCAL },
};

export const CALL_TOOLS: readonly BuiltInTool[] = [
  {
    name: "call_read_tool",
    title: "Call a reading tool",
    description: "Call a tool of risk read; it changes nothing.",
    inputSchema: TARGET,
    annotations: {
      title: "Call a reading tool",
      readOnlyHint: true,
      destructiveHint: false,
      idempotentHint: true,
      openWorldHint: true,
    },
  },
  {
    name: "call_write_tool",
    title: "Call a writing tool",
    description: "Call a tool of risk create or update. dry_run: true in its arguments previews the request.",
    inputSchema: TARGET,
    annotations: {
      title: "Call a writing tool",
      readOnlyHint: false,
      destructiveHint: false,
      idempotentHint: false,
      openWorldHint: true,
    },
  },
  {
    name: "call_destructive_tool",
    title: "Call a destructive tool",
    description:
      "Call a tool of risk destroy: it deletes, ends, or puts something live. " +
      "dry_run: true in its arguments previews the request.",
    inputSchema: TARGET,
    annotations: {
      title: "Call a destructive tool",
      readOnlyHint: false,
      destructiveHint: true,
      idempotentHint: false,
      openWorldHint: true,
    },
  },
];

/** search_tools, whose description names the caller's domains. */
export function searchTool(domains: readonly string[]): BuiltInTool {
  return {
    name: "search_tools",
    title: "Search tools",
    description:
      "Find the tools of Portkey's Admin API that do what you want. " +
      "Gives names, arguments, and which call_ tool calls each.",
    inputSchema: {
      type: "object",
      properties: {
        query: { type: "string", description: "What is to be done: rotate an api key, cost by model" },
        domain: { type: "string", description: `Only this domain: ${domains.join(", ")}` },
        limit: { type: "integer", description: "Most tools, default 5, at most 20" },
      },
      required: ["query"],
    },
    annotations: { title: "Search tools", ...LOCAL },
  };
}

/** The tools that discover mode lists for a policy. */
export function discoverListing(catalogue: Catalogue, policy: Policy): BuiltInTool[] {
  const records = catalogue.admitted(policy);
  const needed = new Set<string>(records.map(callToolFor));
  return [
    searchTool([...new Set(records.map(({ domain }) => domain))]),
    DESCRIBE_TOOL,
    ...CALL_TOOLS.filter(({ name }) => needed.has(name)),
  ];
}

/** Whether describe_tool is listed beside the manifest's tools: not in discover mode, nor with an allow-list. */
export function listsDescribeTool(policy: Policy): boolean {
  return !policy.discover && !hasAllowList(policy);
}

function hasAllowList({ allow, within }: Policy): boolean {
  return allow !== null || (within !== undefined && hasAllowList(within));
}
