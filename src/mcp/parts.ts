/**
 * The parts that a registry is created from. Without the optional ones it serves only the tools of the manifest: no
 * prompts, no resources, no confirmations.
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

/** The answer of a tool: the JSON for the model, and facts about the request. */
export interface Outcome {
  /** undefined where the answer is empty; a string is sent as it is. */
  readonly body: unknown;
  /** `body` as JSON text, where it was serialised before. */
  readonly text?: string;
  readonly status?: number;
  readonly requestId?: string;
  readonly traceId?: string;
  readonly warnings?: readonly string[];
  readonly notes?: readonly string[];
  /** Members of the body that are Portkey's, although this server adds members of the same names to answers. */
  readonly theirs?: readonly string[];
  /** A step failed after others had succeeded: the body says which, and the result has `isError`. */
  readonly failed?: true;
}

/** Calls the tool of a record that is no composite, with dry run, paging, fields and the size limit. */
export type CallRecord = (record: ToolRecord, args: Arguments, context: CallContext) => Promise<Outcome>;

/**
 * Checks a call's arguments against the tool's full schema; throws BAD_INPUT.
 * The returned `args` are normalised: `more` is merged in, JSON text is parsed, and values that count as absent are
 * removed.
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

/** Reduces a composite's answer to `fields` and to the size limit, like that of other tools. */
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

/** Resolves where the call may run; throws DECLINED where the person did not agree. Not called for dry runs. */
export type Confirm = (confirmation: Confirmation) => Promise<void>;

/** Calls a tool of the manifest by name, as tools/call does. */
export type CallTool = (name: string, args: unknown, caller: Caller, link: ClientLink) => Promise<ToolResult>;

/** A tool call, as the client sent it. */
export interface ToolCall {
  readonly name: string;
  readonly args: unknown;
  readonly caller: Caller;
  readonly link: ClientLink;
}

/** Tools that are not in the manifest: search_tools, describe_tool and the three call_ tools. */
export interface BuiltInTools {
  /** Entries for tools/list; where `exclusive`, they replace the manifest's. */
  list(policy: Policy): { readonly entries: readonly ListedTool[]; readonly exclusive: boolean };
  has(name: string): boolean;
  /** `callTool` calls a tool of the manifest. */
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
  /** The product's name and terms in texts; default: Portkey's. */
  readonly product?: Product | undefined;
  /** Marks serverInfo and every result with `sandbox`. */
  readonly sandbox?: boolean;
  /** By the name in `record.composite`; each is loaded when first called. */
  readonly composites?: Readonly<Record<string, () => Promise<Composite>>>;
  readonly compositeSettings?: Readonly<Record<string, string>>;
  /** For composites that read the schemas of the edition's tools. */
  readonly loadSchemas?: EditionData["loadSchemas"];
  /** Hosts of Portkey itself, with their ports. */
  readonly ownHosts?: readonly string[];
  readonly confirm?: Confirm;
  readonly builtInTools?: BuiltInTools;
  readonly guidance?: Guidance;
  /** Called after each tool call, for the audit and the metrics. Must not throw. */
  readonly onCall?: (event: CallEvent) => void;
  /** Called for unexpected errors, whose text the caller does not get. */
  readonly onDefect?: (error: unknown, tool: string) => void;
  /** Observes each request. */
  readonly observer?: Observer | undefined;
}
