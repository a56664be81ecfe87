/**
 * The interface of the Portkey client: what the rest of the server needs of it.
 */
import type { AdminKeyRefusal } from "../catalog/admin-key.ts";
import type { BaseName, ToolRecord } from "../catalog/record.ts";
import type { Kind } from "./keys/choose-kind.ts";
import type { HttpAnswer } from "./transport/pooled-fetch.ts";

/**
 * A caller's Portkey keys, or its service account, as the edition has it. Which key a request takes is decided in
 * keys/choose-kind.ts. Composites never see these.
 */
export interface Credentials {
  readonly workspaceKey?: string;
  readonly adminKey?: string;
  readonly account?: ServiceAccount;
}

/** An account that gets tokens of a quarter of an hour for one tenant, by its id (TSG). */
export interface ServiceAccount {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly tenant: string;
  /** Send the tenant's id in `x-tsg-id` with every request. */
  readonly sendsTenant?: boolean;
}

/** The hosts' addresses, by the names that the edition's records use. */
export type Bases = Readonly<Record<BaseName, string>> & { readonly control: string; readonly gateway: string };

/** What a request was sent with, as results and the audit name it. */
export type SentKind = Kind | "token";

/** Reports how far a long call is: units done, of how many if known, and a line for a person. */
export type ReportProgress = (done: number, total?: number, message?: string) => void;

/** Which trace a request belongs to, by W3C's trace context: lower-case hexadecimal digits. */
export interface RequestTrace {
  readonly traceId: string;
  readonly spanId: string;
  /** Both, as the header and the member of `_meta` of that name hold them. */
  readonly traceparent: string;
}

/** A request about to be sent, without anything that a caller gave. */
export interface WatchedRequest {
  readonly method: string;
  /** The route: its ids are names in braces. */
  readonly template: string;
  readonly base: string;
  /** How often it has been sent before. */
  readonly resend: number;
}

/** How a request ended: with its status, or with the kind of its failure. */
export interface WatchedEnd {
  readonly status?: number;
  readonly failure?: string;
}

/** Follows the requests that a call makes. Nothing of it throws. */
export interface RequestWatch {
  readonly trace: RequestTrace;
  /** `headers` are to go along; none of them replaces one that the request has. */
  send(request: WatchedRequest): {
    readonly headers: Readonly<Record<string, string>>;
    end(how: WatchedEnd): void;
  };
}

/** What one call carries besides its arguments. */
export interface CallContext {
  readonly credentials: Credentials;
  readonly signal: AbortSignal;
  readonly progress?: ReportProgress;
  /** Further headers of this request, such as `x-portkey-metadata`; never the key. Characters as HTTP takes them. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Who calls, and with which keys: what is remembered between calls is kept by it. */
  readonly caller?: string;
  /** The kind of key that the call asks for; where its arguments ask for one, those decide. */
  readonly key?: SentKind | undefined;
  /** What keeps the admin key from a tool; undefined: nothing does. */
  readonly adminKeyRefusal?: (record: ToolRecord) => AdminKeyRefusal | undefined;
  /** Whether the call may read by a tool that it did not name; absent: by every tool. */
  readonly mayRead?: (record: ToolRecord) => boolean;
  /** An answer to a call with these arguments, with names beside its ids; absent: it stays as it is. */
  readonly nameIds?: (values: Readonly<Record<string, unknown>>, answer: Answer, wanted: boolean) => Promise<Answer>;
  /** Told the kind of key that a request takes, before it is sent. */
  readonly onKey?: ((kind: SentKind) => void) | undefined;
  /** Follows the call's requests; absent: nobody does. */
  readonly watch?: RequestWatch | undefined;
}

/** One call of one operation, as its caller gave it. */
export interface PortkeyCall {
  readonly record: ToolRecord;
  /** By name, the common ones (`dry_run`, `all_pages`, `fields`, `more`) included. */
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
  /** The JSON of `body` as Portkey wrote it; absent where it was none. */
  readonly json?: string;
  readonly requestId?: string;
  readonly traceId?: string;
  readonly warnings: readonly string[];
  /** What is worth knowing and is nothing to doubt: that the key narrowed a list, whose a new object is. */
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
   * Like `send`, but resolves as soon as a 2xx answer begins, with its body unread: for server-sent events. The timeout
   * ends with the headers; `context.signal` ends the body.
   */
  open?(record: ToolRecord, args: Readonly<Record<string, unknown>>, context: CallContext): Promise<HttpAnswer>;
}
