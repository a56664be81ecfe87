/**
 * What this server offers to MCP clients, as one interface without an SDK. The adapters of both eras and every
 * transport serve it. It knows neither HTTP nor sessions; adapters put its results into protocol messages unchanged.
 */
import type { Json } from "../catalog/json.ts";
import type { Policy } from "../catalog/policy.ts";
import type { Credentials } from "../portkey/port.ts";
import type { Observer, RequestSpan, WireFacts } from "./observe.ts";

/** Who calls, with which rights and keys: one for each process over stdio, one for each request over HTTP. */
export interface Caller {
  /** A stable name for audit lines and rate limits; "local" over stdio. Never a secret. */
  readonly principal: string;
  /**
   * What state between requests is bound to: equal for the same principal with the same keys. Default: the principal.
   */
  readonly binding?: string;
  /** Callers with the same quota share limits: concurrent calls, sessions, kept events. Default: the principal. */
  readonly quota?: string;
  readonly policy: Policy;
  readonly credentials: Credentials;
  readonly about?: CallerFacts;
  /** Whether the audit records the arguments of its calls, masked. */
  readonly auditArguments?: boolean;
  /** What its transport knows of this request; set only where requests are observed. */
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
 * What the connected client offers during one request. Members for capabilities that it did not declare are absent.
 */
export interface ClientLink {
  readonly signal: AbortSignal;
  /** Aborts `signal`; absent where only the client can. */
  readonly abort?: (reason: Error) => void;
  readonly progress?: (done: number, total?: number, message?: string) => void;
  /**
   * Asks the person who uses the client; resolves with their answer.
   * In revision 2026-07-28 the call ends here and runs again from its start with the answer: so a call must not change
   * anything before its last question.
   * With a `key`, an answer counts without the sealed state of the round that asked; confirmations must not use that.
   * `ended` aborts when the answer is not needed any more; where possible, the client is told.
   */
  readonly elicit?: (
    message: string,
    schema: Readonly<Record<string, unknown>>,
    key?: string,
    ended?: AbortSignal,
  ) => Promise<ElicitOutcome>;
  /** Set in revision 2026-07-28, where a question ends the call: none is open here while the person decides. */
  readonly asksInRounds?: true;
  /** Asks the client's model. */
  readonly sample?: (params: Readonly<Record<string, unknown>>) => Promise<Readonly<Record<string, unknown>>>;
  /** Asks for the client's roots. */
  readonly roots?: () => Promise<Readonly<Record<string, unknown>>>;
  readonly log?: (level: string, data: unknown) => void;
  /** Observes the request; absent where nothing observes it. */
  readonly span?: RequestSpan | undefined;
}

export interface ElicitOutcome {
  readonly action: "accept" | "decline" | "cancel";
  readonly content?: Readonly<Record<string, unknown>>;
}

/** MCP's CallToolResult, as it is sent; undefined members are left out. */
export interface ToolResult {
  readonly content: readonly Readonly<Record<string, unknown>>[];
  readonly structuredContent?: Readonly<Record<string, unknown>>;
  readonly isError?: boolean;
  readonly _meta?: Readonly<Record<string, unknown>> | undefined;
}

/** The parameters of completion/complete, as the client sent them. */
export interface CompleteRequest {
  readonly ref: Json;
  readonly argument: { readonly name: string; readonly value: string };
  /** The values of other arguments that the client has already. */
  readonly context?: Json | undefined;
}

export interface Registry {
  /** Observes each request. */
  readonly observer?: Observer | undefined;
  readonly serverInfo: { readonly name: string; readonly version: string; readonly title: string };
  /** At most 2 kB, for what the caller may use. */
  instructions(caller: Caller): string;
  /** The tools/list result as JSON text, serialised once for each policy. */
  listTools(caller: Caller): string;
  /**
   * A tool's failure is a result with `isError`. Throws only PortkeyMcpError UNKNOWN_TOOL, for an unknown name.
   */
  callTool(name: string, args: unknown, caller: Caller, link: ClientLink): Promise<ToolResult>;
  listPrompts(caller: Caller): Json;
  getPrompt(name: string, args: Readonly<Record<string, string>>, caller: Caller, link: ClientLink): Promise<Json>;
  listResources(caller: Caller): Json;
  listResourceTemplates(caller: Caller): Json;
  readResource(uri: string, caller: Caller, link: ClientLink): Promise<Json>;
  /** At most 100 values. */
  complete(request: CompleteRequest, caller: Caller, link: ClientLink): Promise<Json>;
  /** Starts or ends a subscription of the legacy era; where absent, the capability `subscribe` is not declared. */
  watch?(uri: string, on: boolean, caller: Caller): void;
}
