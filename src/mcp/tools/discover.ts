/**
 * The built-in tools: describe_tool, and those of discover mode, which lists only five tools that find, describe and
 * call the others. Their calls pass the same policy, confirmation and audit as direct calls.
 */
import { clip } from "../../errors/clip.ts";
import { decide } from "../../catalog/decide.ts";
import type { Policy } from "../../catalog/policy.ts";
import type { ToolRecord } from "../../catalog/record.ts";
import { PortkeyMcpError } from "../../errors/errors.ts";
import { describeTool, describeToolPart, type DescribeParts } from "./describe.ts";
import { readBuiltInArguments } from "./discover-arguments.ts";
import { callToolFor } from "./discover-callers.ts";
import {
  CALL_TOOLS,
  DESCRIBE_TOOL,
  discoverListing,
  listsDescribeTool,
  searchTool,
  type BuiltInTool,
} from "./discover-listing.ts";
import type { Arguments, BuiltInTools, CallTool, ToolCall } from "../parts.ts";
import type { ToolResult } from "../registry.ts";
import { foundSchema } from "./found-tool.ts";
import { errorResult } from "./tool-result.ts";

const SEARCH_TOOL = searchTool([]);
const BUILT_IN: ReadonlyMap<string, BuiltInTool> = new Map(
  [SEARCH_TOOL, DESCRIBE_TOOL, ...CALL_TOOLS].map((tool) => [tool.name, tool]),
);

/** How many tools a search returns. */
const DEFAULT_LIMIT = 5;
const MAX_LIMIT = 20;

export function createBuiltInTools(parts: DescribeParts): BuiltInTools {
  return {
    list: (policy) =>
      policy.discover
        ? { entries: discoverListing(parts.catalogue, policy), exclusive: true }
        : { entries: listsDescribeTool(policy) ? [DESCRIBE_TOOL] : [], exclusive: false },
    has: (name) => BUILT_IN.has(name),
    async call({ name, args: input, caller, link }, callTool) {
      try {
        const { args, notes } = readBuiltInArguments(BUILT_IN.get(name) as BuiltInTool, input);
        if (name === SEARCH_TOOL.name) return toResult(await search(parts, args, caller.policy), notes);
        if (name === DESCRIBE_TOOL.name) return toResult(await describe(parts, args, caller.policy), notes);
        return await callThrough(parts, { name, args, caller, link }, callTool);
      } catch (error) {
        if (error instanceof PortkeyMcpError) return errorResult(error);
        throw error;
      }
    },
  };
}

function describe(parts: DescribeParts, args: Arguments, policy: Policy): Promise<unknown> {
  const record = namedRecord(parts, args);
  const path = args["path"] as string | undefined;
  return path === undefined ? describeTool(parts, record, policy) : describeToolPart(parts, record, path);
}

async function search(parts: DescribeParts, args: Arguments, policy: Policy): Promise<unknown> {
  const { catalogue, loadSearch, loadSchemas } = parts;
  const { query, domain, limit = DEFAULT_LIMIT } = args as { query: string; domain?: string; limit?: number };
  const domains = new Set(catalogue.admitted(policy).map((record) => record.domain));
  if (domain !== undefined && !domains.has(domain)) {
    throw new PortkeyMcpError("BAD_INPUT", `search_tools: domain must be one of ${[...domains].join(", ")}.`);
  }
  const [find, schemas] = await Promise.all([loadSearch(), loadSchemas()]);
  const inDomain = (record: ToolRecord) => domain === undefined || record.domain === domain;
  const isOffered = (record: ToolRecord) => inDomain(record) && decide(policy, record).allowed;
  const records = find(query, Math.min(Math.max(limit, 1), MAX_LIMIT), isOffered);
  const best = find(query, 1, inDomain)[0];
  const verdict = best === undefined ? undefined : decide(policy, best);
  return {
    tools: records.map((record) => ({
      name: record.name,
      ...(policy.discover && { call_with: callToolFor(record) }),
      risk: record.risk,
      description: record.description,
      inputSchema: foundSchema(record, catalogue.listed(record.name), schemas[record.name] ?? {}),
    })),
    ...(verdict?.allowed === false && { not_allowed: verdict.reason }),
    ...(records.length === 0 && {
      note: `Nothing fits. Ask with other words; the domains are ${[...domains].join(", ")}.`,
    }),
  };
}

/** The record of a name or alias; throws UNKNOWN_TOOL. */
function namedRecord({ catalogue }: DescribeParts, args: Arguments): ToolRecord {
  const name = String(args["name"]);
  const record = catalogue.find(name)?.record;
  if (record !== undefined) return record;
  const builtInHint = BUILT_IN.has(name) ? " It is a tool of this server itself: call it directly." : "";
  const closest = catalogue.closest(name);
  const hint = closest.length > 0 ? `Did you mean ${closest.join(", ")}?` : "search_tools finds the right one.";
  throw new PortkeyMcpError("UNKNOWN_TOOL", `There is no tool "${clip(name, 65)}".${builtInHint || ` ${hint}`}`, {
    tool: clip(name, 65),
    closest,
  });
}

/** Calls the named tool where `through` is the call_ tool for its risk. Otherwise throws NOT_ALLOWED that names it. */
function callThrough(
  parts: DescribeParts,
  { name: through, args, caller, link }: ToolCall & { readonly args: Arguments },
  callTool: CallTool,
): Promise<ToolResult> {
  const record = namedRecord(parts, args);
  const required = callToolFor(record);
  if (!caller.policy.discover) {
    throw new PortkeyMcpError(
      "NOT_ALLOWED",
      `${through} belongs to discover mode (PORTKEY_DISCOVER), which is off: call ${record.name} itself.`,
      { setting: "PORTKEY_DISCOVER" },
    );
  }
  // A tool that the policy refuses is refused by `callTool`, for that reason.
  if (required !== through && decide(caller.policy, record).allowed) {
    throw new PortkeyMcpError(
      "NOT_ALLOWED",
      `${record.name} is of risk ${record.risk}: call it with ${required}, not with ${through}. Nothing was sent.`,
      { tool: record.name, caller: required },
    );
  }
  return callTool(String(args["name"]), args["arguments"] ?? {}, caller, link);
}

function toResult(body: unknown, notes: readonly string[]): ToolResult {
  const texts = [JSON.stringify(body), ...(notes.length > 0 ? [notes.join("\n")] : [])];
  return { content: texts.map((text) => ({ type: "text", text })) };
}
