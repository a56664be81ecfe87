/**
 * What MCP clients can reach, without any SDK: both eras' adapters and every transport serve this one interface.
 * Nothing here knows HTTP, sessions or the wire; an adapter turns these shapes into protocol messages as they are.
 */
import type { Json } from "../catalog/json.ts";
import type { Policy } from "../catalog/policy.ts";
import type { Credentials } from "../portkey/port.ts";
import type { Observer, RequestSpan, WireFacts } from "./observe.ts";

/** Who calls, with which rights and keys: one per process over stdio, one per request over HTTP. */
export interface Caller {
  /** A stable name for audit lines and rate limits; "local" over stdio. Never a secret. */
  readonly principal: string;
  /**
   * Equal for the same principal with the same keys; what is kept for a caller between requests is bound to it.
   * Default: the principal.
   */
  readonly binding?: string;
  /** Who shares limits with it: calls at once, sessions, kept events. Default: the principal. */
  readonly quota?: string;
  readonly policy: Policy;
  readonly credentials: Credentials;
  readonly about?: CallerFacts;
  /** Its calls are recorded with their arguments, masked. */
  readonly auditArguments?: boolean;
  /** What its transport knows of this request; set where somebody watches. */
  readonly wire?: WireFacts;
}

/** More about who calls, for audit lines. Never a secret. */
export interface CallerFacts {
  readonly client?: string | undefined;
  readonly organisation?: string | undefined;
  /** The first characters of the session's id. */
  readonly session?: string | undefined;
  readonly address?: string | undefined;
}

/**
 * What the connected client offers for the duration of one request. Absent members are capabilities it did not declare.
 */
export interface ClientLink {
  readonly signal: AbortSignal;
  /** Aborts `signal`; absent where only the client's side can. */
  readonly abort?: (reason: Error) => void;
  readonly progress?: (done: number, total?: number, message?: string) => void;
  /**
   * Asks the person behind the client; resolves with what they chose. In 2026-07-28 the call ends here and runs again
   * from its start with the answer, so nothing may be changed before the last question. A `key` of its own lets an
   * answer count that does not come with the sealed state of the round that asked; a confirmation must not have one.
   * Once `ended` aborts nobody waits for the answer any more, and the client is told so where that can be.
   */
  readonly elicit?: (
    message: string,
    schema: Readonly<Record<string, unknown>>,
    key?: string,
    ended?: AbortSignal,
  ) => Promise<ElicitOutcome>;
  /** A question ends the call, which runs again with the answer: no question is open while a person thinks. */
  readonly asksInRounds?: true;
  /** Asks the client's model. */
  readonly sample?: (params: Readonly<Record<string, unknown>>) => Promise<Readonly<Record<string, unknown>>>;
  /** Asks for the client's roots. */
  readonly roots?: () => Promise<Readonly<Record<string, unknown>>>;
  readonly log?: (level: string, data: unknown) => void;
  /** Follows the request; absent: nobody does. */
  readonly span?: RequestSpan | undefined;
}

export interface ElicitOutcome {
  readonly action: "accept" | "decline" | "cancel";
  readonly content?: Readonly<Record<string, unknown>>;
}

/** MCP's CallToolResult, as sent: what is undefined is not. */
export interface ToolResult {
  readonly content: readonly Readonly<Record<string, unknown>>[];
  readonly structuredContent?: Readonly<Record<string, unknown>>;
  readonly isError?: boolean;
  readonly _meta?: Readonly<Record<string, unknown>> | undefined;
}

/** What completion/complete asks, as sent. */
export interface CompleteRequest {
  readonly ref: Json;
  readonly argument: { readonly name: string; readonly value: string };
  /** What was chosen for the other arguments. */
  readonly context?: Json | undefined;
}

export interface Registry {
  /** Who is told of each request; absent: nobody. */
  readonly observer?: Observer | undefined;
  readonly serverInfo: { readonly name: string; readonly version: string; readonly title: string };
  /** At most 2 kB, composed from what the caller may use. */
  instructions(caller: Caller): string;
  /** The whole tools/list result as JSON text: serialised once per policy, sent as it is. */
  listTools(caller: Caller): string;
  /**
   * Never throws for a tool's own failure (that is `isError`); throws PortkeyMcpError UNKNOWN_TOOL for an unknown
   * name.
   */
  callTool(name: string, args: unknown, caller: Caller, link: ClientLink): Promise<ToolResult>;
  listPrompts(caller: Caller): Json;
  getPrompt(name: string, args: Readonly<Record<string, string>>, caller: Caller, link: ClientLink): Promise<Json>;
  listResources(caller: Caller): Json;
  listResourceTemplates(caller: Caller): Json;
  readResource(uri: string, caller: Caller, link: ClientLink): Promise<Json>;
  /** At most 100 values. */
  complete(request: CompleteRequest, caller: Caller, link: ClientLink): Promise<Json>;
  /** Starts or ends a legacy subscription to a resource's changes; without it the capability is not declared. */
  watch?(uri: string, on: boolean, caller: Caller): void;
}
