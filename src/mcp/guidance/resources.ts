/**
 * MCP resources: the tools reference, the error codes, each tool's full schema, and the organisation's prompts, configs
 * and guardrails. Those are read by calling the tools that get them, with the caller's keys and policy.
 */
import { decide } from "../../catalog/decide.ts";
import type { Json } from "../../catalog/json.ts";
import type { Policy } from "../../catalog/policy.ts";
import { clip } from "../../errors/clip.ts";
import { PortkeyMcpError, type ErrorCode } from "../../errors/errors.ts";
import { describeTool, type DescribeParts } from "../tools/describe.ts";
import type { CallTool } from "../parts.ts";
import type { ValueSource } from "./prompts-plans.ts";
import type { Caller, ClientLink } from "../registry.ts";
import { errorsReference, toolsReference } from "./resources-static.ts";

/** A resource template with one variable. */
export interface Template {
  readonly kind: string;
  readonly variable: string;
  readonly values: ValueSource;
  readonly title: string;
  readonly description: string;
  /** The tool that reads it, and the argument for the variable; absent: no tool is called. */
  readonly tool?: { readonly name: string; readonly argument: string };
}

export const TEMPLATES: readonly Template[] = [
  {
    kind: "tools",
    variable: "name",
    values: "tool",
    title: "Tool",
    description: "A tool's full schema, scopes, example and neighbours",
  },
  {
    kind: "prompts",
    variable: "id",
    values: "prompt",
    title: "Prompt",
    description: "A prompt, by id or slug, as it is now",
    tool: { name: "get_prompt", argument: "prompt_id" },
  },
  {
    kind: "configs",
    variable: "slug",
    values: "config",
    title: "Config",
    description: "A gateway config, by slug, as it is now",
    tool: { name: "get_config", argument: "slug" },
  },
  {
    kind: "guardrails",
    variable: "id",
    values: "guardrail",
    title: "Guardrail",
    description: "A guardrail, by id or slug, as it is now",
    tool: { name: "get_guardrail", argument: "guardrail_id" },
  },
];

const MARKDOWN = "text/markdown";
const JSON_TYPE = "application/json";

/** The template's URI as RFC 6570 writes it. */
export function templateUri({ kind, variable }: Template): string {
  return `portkey://${kind}/{${variable}}`;
}

export function listResources(): Json {
  return {
    resources: [
      {
        uri: "portkey://tools",
        name: "tools",
        title: "Tools reference",
        description: "Every tool with its risk, key and scopes",
        mimeType: MARKDOWN,
      },
      {
        uri: "portkey://errors",
        name: "errors",
        title: "Error codes",
        description: "What the API's and this server's error codes mean, and what to do",
        mimeType: MARKDOWN,
      },
    ],
  };
}

/** The templates that `policy` can read. */
export function listTemplates({ catalogue }: DescribeParts, policy: Policy): Json {
  const offered = TEMPLATES.filter(({ tool }) => {
    const record = tool && catalogue.find(tool.name)?.record;
    return tool === undefined || (record !== undefined && decide(policy, record).allowed);
  });
  return {
    resourceTemplates: offered.map((template) => ({
      uriTemplate: templateUri(template),
      name: template.kind,
      title: template.title,
      description: template.description,
      mimeType: JSON_TYPE,
    })),
  };
}

export interface ResourceParts extends DescribeParts {
  /** Calls a tool as tools/call does, with policy and audit. */
  readonly callTool: CallTool;
}

/** Reads a resource. Throws BAD_INPUT for an unknown URI, and the error of the tool behind it. */
export async function readResource(parts: ResourceParts, uri: string, caller: Caller, link: ClientLink): Promise<Json> {
  const contents = (mimeType: string, text: string) => ({ contents: [{ uri, mimeType, text }] });
  if (uri === "portkey://tools") return contents(MARKDOWN, toolsReference(parts.catalogue, caller.policy));
  if (uri === "portkey://errors") return contents(MARKDOWN, errorsReference(parts.product));
  const { template, value } = parseUri(uri);
  if (template.tool === undefined) {
    const record = parts.catalogue.find(value)?.record;
    if (record === undefined) throw unknownResource(uri, parts.catalogue.closest(value));
    return contents(JSON_TYPE, JSON.stringify(await describeTool(parts, record, caller.policy)));
  }
  const { name: tool, argument } = template.tool;
  const { content, isError, _meta } = await parts.callTool(tool, { [argument]: value }, caller, link);
  const text = content.map((block) => String(block["text"] ?? "")).join("\n");
  if (isError === true) throw toResourceError(uri, text, _meta ?? {});
  const untrusted = _meta?.["portkey/untrusted"];
  const read = { uri, mimeType: JSON_TYPE, text: String(content[0]?.["text"] ?? "") };
  return { contents: [{ ...read, ...(untrusted !== undefined && { _meta: { "portkey/untrusted": untrusted } }) }] };
}

function parseUri(uri: string): { template: Template; value: string } {
  const [, kind, encoded] = /^portkey:\/\/([a-z]+)\/([^/?#]+)$/.exec(uri) ?? [];
  const template = TEMPLATES.find((one) => one.kind === kind);
  if (template === undefined || encoded === undefined) throw unknownResource(uri);
  try {
    return { template, value: decodeURIComponent(encoded) };
  } catch {
    throw unknownResource(uri);
  }
}

function unknownResource(uri: string, closest: readonly string[] = []): PortkeyMcpError {
  const hint =
    closest.length > 0
      ? `Did you mean ${closest.map((name) => `portkey://tools/${name}`).join(", ")}?`
      : "resources/list and resources/templates/list say what there is.";
  return new PortkeyMcpError("BAD_INPUT", `There is no resource "${clip(uri)}". ${hint}`, { uri });
}

const NOT_FOUND = 404;

/** A tool's error as the resource's. Where Portkey answers 404, the resource does not exist: BAD_INPUT. */
function toResourceError(uri: string, text: string, meta: Json): PortkeyMcpError {
  const status = meta["portkey/status"];
  const code = status === NOT_FOUND ? "BAD_INPUT" : ((meta["portkey/code"] ?? "PORTKEY") as ErrorCode);
  return new PortkeyMcpError(code, text, { uri, ...(status !== undefined && { status }) });
}
