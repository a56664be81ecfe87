/**
 * What a registry is put together from. The optional parts may be absent: the registry then serves the tools of the
 * manifest plainly, with no prompts, no resources and no questions.
 */
import type { Catalogue, ListedTool } from "../catalog/lookup.ts";
import type { EditionData } from "../catalog/editions.ts";
import type { Policy } from "../catalog/policy.ts";
import type { ToolRecord } from "../catalog/record.ts";
import type { Composite } from "../composites/composite.ts";
import type { Product } from "../portkey/product.ts";
import type { CallContext, Portkey } from "../portkey/port.ts";
import type { Observer } from "./observe.ts";
import type { CallEvent } from "./tools/call-event.ts";
import type { Caller, ClientLink, Registry, ToolResult } from "./registry.ts";

export type Arguments = Readonly<Record<string, unknown>>;

/** What a tool answered: the JSON for the model, and what is worth knowing about the request. */
export interface Outcome {
  /** undefined where there is nothing to say; a string is sent as it is. */
  readonly body: unknown;
  /** `body` as text, where that is known already. */
  readonly text?: string;
  readonly status?: number;
  readonly requestId?: string;
  readonly traceId?: string;
  readonly warnings?: readonly string[];
  readonly notes?: readonly string[];
  /** Members that Portkey answered under names that this server gives its own. */
  readonly theirs?: readonly string[];
  /** A later step failed after earlier ones were done: the body says which, and the call ends as an error. */
  readonly failed?: true;
}

/** Calls the plain tool of a record: dry run, paging, fields and the size limit included. */
export type CallRecord = (record: ToolRecord, args: Arguments, context: CallContext) => Promise<Outcome>;

/**
 * Checks a call's arguments against the tool's full schema; throws BAD_INPUT. `args` of what it answers are the call as
 * it is meant: `more` merged in, text read, nothing that counts as left out.
 */
export type CheckArguments = (
  record: ToolRecord,
  args: unknown,
) => Promise<{
  readonly args: Arguments;
  readonly parsed: {
    readonly values: Arguments;
    readonly dryRun: boolean;
    readonly names?: boolean;
    readonly key?: "workspace" | "admin" | undefined;
  };
  readonly warnings: readonly string[];
}>;

/** A composite's answer reduced to `fields` and to the size limit, as a plain tool's is. */
export type Fit = (
  record: ToolRecord,
  body: unknown,
  args: Arguments,
) => Required<Pick<Outcome, "body" | "text" | "warnings">>;

/** A call that a person may have to confirm. */
export interface Confirmation {
  readonly record: ToolRecord;
  readonly args: Arguments;
  readonly caller: Caller;
  readonly link: ClientLink;
}

/** Resolves where the call may run; throws DECLINED where the person declined. Not called for dry runs. */
export type Confirm = (confirmation: Confirmation) => Promise<void>;

/** Calls a tool of the manifest by name, as tools/call does. */
export type CallTool = (name: string, args: unknown, caller: Caller, link: ClientLink) => Promise<ToolResult>;

/** A call of a tool, as its client sent it. */
export interface ToolCall {
  readonly name: string;
  readonly args: unknown;
  readonly caller: Caller;
  readonly link: ClientLink;
}

/** Built-in tools, in addition to the manifest's: search_tools, describe_tool and the three callers. */
export interface BuiltInTools {
  /** Entries for tools/list; `exclusive` lists them instead of the manifest's. */
  list(policy: Policy): { readonly entries: readonly ListedTool[]; readonly exclusive: boolean };
  has(name: string): boolean;
  /** `callTool` calls the others. */
  call(call: ToolCall, callTool: CallTool): Promise<ToolResult>;
}

/** Everything a registry serves besides tools. */
export type Guidance = Pick<
  Registry,
  "instructions" | "listPrompts" | "getPrompt" | "listResources" | "listResourceTemplates" | "readResource" | "complete"
>;

export interface RegistryParts {
  readonly catalogue: Catalogue;
  readonly portkey: Portkey;
  readonly callRecord: CallRecord;
  readonly check: CheckArguments;
  readonly fit?: Fit;
  readonly version: string;
  /** How the API is called; absent: as Portkey's. */
  readonly product?: Product | undefined;
  /** Says `sandbox` in serverInfo and in every result. */
  readonly sandbox?: boolean;
  /** By the name in `record.composite`; each is loaded when first called. */
  readonly composites?: Readonly<Record<string, () => Promise<Composite>>>;
  readonly compositeSettings?: Readonly<Record<string, string>>;
  /** For composites that look into the schemas of the edition's tools. */
  readonly loadSchemas?: EditionData["loadSchemas"];
  /** Hosts, with their ports, where Portkey itself is. */
  readonly ownHosts?: readonly string[];
  readonly confirm?: Confirm;
  readonly builtInTools?: BuiltInTools;
  readonly guidance?: Guidance;
  /** One event for each tool call, after it ended; for audit lines and metrics. Must not throw. */
  readonly onCall?: (event: CallEvent) => void;
  /** Unexpected errors: defects. The caller sees none of their text. */
  readonly onDefect?: (error: unknown, tool: string) => void;
  /** Who is told of each request. */
  readonly observer?: Observer | undefined;
}
