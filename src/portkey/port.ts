/** The interface of the Portkey client towards the rest of the server. */
import type { AdminKeyRefusal } from "../catalog/admin-key.ts";
import type { BaseName, ToolRecord } from "../catalog/record.ts";
import type { Kind } from "./keys/choose-kind.ts";
import type { HttpAnswer } from "./transport/pooled-fetch.ts";

/**
 * A caller's Portkey keys, or its service account, as the edition requires. keys/choose-kind.ts decides which key a
 * request takes. Composites never see these.
 */
export interface Credentials {
  readonly workspaceKey?: string;
  readonly adminKey?: string;
  readonly account?: ServiceAccount;
}

/** An account that gets tokens, valid for 15 minutes, for one tenant (TSG). */
export interface ServiceAccount {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly tenant: string;
  /** Whether the tenant's id is sent in `x-tsg-id` with every request. */
  readonly sendsTenant?: boolean;
}

/** The hosts' addresses, by the names that the edition's records use. */
export type Bases = Readonly<Record<BaseName, string>> & { readonly control: string; readonly gateway: string };

/** The kind of credential that a request was sent with, as results and the audit name it. */
export type SentKind = Kind | "token";

/** Reports the progress of a long call: units done, their total if known, and a line for a person. */
export type ReportProgress = (done: number, total?: number, message?: string) => void;

/** The trace that a request belongs to (W3C Trace Context). Ids are lower-case hexadecimal digits. */
export interface RequestTrace {
  readonly traceId: string;
  readonly spanId: string;
  /** Both, in the form of the `traceparent` header and `_meta` member. */
  readonly traceparent: string;
}

/** A request about to be sent, as traces and metrics see it: without any of the caller's values. */
export interface WatchedRequest {
  readonly method: string;
  /** The path template, with names in braces for ids. */
  readonly template: string;
  readonly base: string;
  /** How many times it was sent before. */
  readonly resend: number;
}

/** How a request ended: with its status, or with the kind of its failure. */
export interface WatchedEnd {
  readonly status?: number;
  readonly failure?: string;
}

/** Observes the requests that a call makes. Its methods do not throw. */
export interface RequestWatch {
  readonly trace: RequestTrace;
  /** Called before each request. The returned `headers` are added to it, without replacing any. */
  send(request: WatchedRequest): {
    readonly headers: Readonly<Record<string, string>>;
    end(how: WatchedEnd): void;
  };
}

/** The context of one call: all it needs besides its arguments. */
export interface CallContext {
  readonly credentials: Credentials;
  readonly signal: AbortSignal;
  readonly progress?: ReportProgress;
  /** Further headers of this request, such as `x-portkey-metadata`; never the key. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Identifies the caller and its keys; state between calls is kept separately for each. */
  readonly caller?: string;
  /** The preferred kind of key; a kind in the arguments takes precedence. */
  readonly key?: SentKind | undefined;
  /** Why the admin key may not be used for a tool; undefined: it may. */
  readonly adminKeyRefusal?: (record: ToolRecord) => AdminKeyRefusal | undefined;
  /** Whether the call may read with a tool that the caller did not name; absent: with every tool. */
  readonly mayRead?: (record: ToolRecord) => boolean;
  /** Adds names beside the ids of an answer; absent: answers stay as they are. `wanted`: the call asks for names. */
  readonly nameIds?: (values: Readonly<Record<string, unknown>>, answer: Answer, wanted: boolean) => Promise<Answer>;
  /** Called with the kind of key that a request takes, before it is sent. */
  readonly onKey?: ((kind: SentKind) => void) | undefined;
  /** Observes the call's requests. */
  readonly watch?: RequestWatch | undefined;
}

/** One call of one operation, as the caller made it. */
export interface PortkeyCall {
  readonly record: ToolRecord;
  /** Arguments by name, including the common ones (`dry_run`, `all_pages`, `fields`, `more`). */
  readonly args: Readonly<Record<string, unknown>>;
  readonly context: CallContext;
}

/** The request that would be sent, as `dry_run` shows it: secrets masked in `headers` and `body`. */
export interface PlannedRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** The kind of key it would be sent with, and why. */
  readonly key?: SentKind | undefined;
  readonly key_because?: string;
  readonly warnings: readonly string[];
}

/** A 2xx answer of Portkey. `body` is parsed JSON, text where it was no JSON, or undefined where it was empty. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
  /** The text of the body as Portkey wrote it; absent where it was no JSON. */
  readonly json?: string;
  readonly requestId?: string;
  readonly traceId?: string;
  readonly warnings: readonly string[];
  /** Information that is no warning: that the key narrowed a list, which workspace a new object belongs to. */
  readonly notes?: readonly string[];
}

export interface Portkey {
  /**
   * Checks the arguments, sends the request of `record` with exactly what was given, and returns Portkey's answer.
   * Throws PortkeyMcpError: BAD_INPUT and MISSING_KEY before anything is sent, PORTKEY, UNREACHABLE or CANCELLED after.
   */
  send(record: ToolRecord, args: Readonly<Record<string, unknown>>, context: CallContext): Promise<Answer>;
  /** The same checks and the same request, not sent. */
  plan(record: ToolRecord, args: Readonly<Record<string, unknown>>, context: CallContext): Promise<PlannedRequest>;
  /**
   * Like `send`, but resolves at the headers of a 2xx answer, with its body unread: for server-sent events.
   * The timeout covers the headers; `context.signal` also aborts the body.
   */
  open?(record: ToolRecord, args: Readonly<Record<string, unknown>>, context: CallContext): Promise<HttpAnswer>;
}
