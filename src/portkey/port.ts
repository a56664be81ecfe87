/**
 * The interface of the Portkey client: what the rest of the server needs of it.
 */
import type { BaseName, ToolRecord } from "../catalog/record.ts";
import type { HttpAnswer } from "./transport/pooled-fetch.ts";

/**
 * A caller's Portkey keys. `any` tools prefer the workspace key and fall back to the admin key.
 * Composites never see these.
 */
export interface Credentials {
  readonly workspaceKey?: string;
  readonly adminKey?: string;
}

export type Bases = Readonly<Record<BaseName, string>>;

/** Reports how far a long call is: units done, of how many if known, and a line for a person. */
export type ReportProgress = (done: number, total?: number, message?: string) => void;

/** What one call carries besides its arguments. */
export interface CallContext {
  readonly credentials: Credentials;
  readonly signal: AbortSignal;
  readonly progress?: ReportProgress;
  /** Further headers of this request, such as `x-portkey-metadata`; never the key. Characters as HTTP takes them. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** The request that would be sent, as `dry_run` shows it: secrets masked in `headers` and `body`. */
export interface PlannedRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
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
