/**
 * A composite: a tool of several requests, or with more to say than its one request's answer.
 * It calls the plain tools by name through `call`. So validation, keys, retries and masking are the same everywhere.
 */
import type { CompositeArguments } from "../../generated/portkey/composites.ts";
import type { EditionData } from "../catalog/editions.ts";
import type { Answer, PlannedRequest, ReportProgress, RequestTrace } from "../portkey/port.ts";
import type { HttpAnswer } from "../portkey/transport/pooled-fetch.ts";

/** What one request of a composite carries besides its arguments. */
export interface RequestOptions {
  /** Headers beside the server's own, such as `x-portkey-metadata`; never the key. Characters as HTTP takes them. */
  readonly headers?: Readonly<Record<string, string>>;
}

export interface CompositeContext {
  /** Sends a plain tool's request. In a dry run, only reading tools may be called. */
  call(tool: string, args: Readonly<Record<string, unknown>>, options?: RequestOptions): Promise<Answer>;
  /** The request a plain tool would send; for dry runs. */
  plan(tool: string, args: Readonly<Record<string, unknown>>, options?: RequestOptions): Promise<PlannedRequest>;
  /** Like `call`, but resolves as soon as a 2xx answer begins, with its body unread: for server-sent events. */
  open?(tool: string, args: Readonly<Record<string, unknown>>, options?: RequestOptions): Promise<HttpAnswer>;
  /**
   * Every item of a list tool, page by page, with progress. More than `limit` items (default 10,000) are an error.
   * Where fewer came than the list's own total says, the call's caller is warned, and `onShort` is told it in words.
   */
  callAll(
    tool: string,
    args: Readonly<Record<string, unknown>>,
    limit?: number,
    onShort?: (text: string) => void,
  ): Promise<unknown[]>;
  /** Somebody else's words as an error may say them back: without the call's keys, or anything that looks like one. */
  quote?(words: string): string;
  readonly dryRun: boolean;
  /** Waits so many milliseconds, until a read may show what was written. Without it, the real time passes. */
  sleep?(milliseconds: number): Promise<void>;
  readonly signal: AbortSignal;
  readonly progress: ReportProgress;
  /** Settings a composite may read (allowed metadata values and the like); frozen, from Config. */
  readonly settings: Readonly<Record<string, string>>;
  /** The trace that the call belongs to; absent: none. */
  readonly trace?: Pick<RequestTrace, "traceId" | "spanId">;
  /** The full schemas of the edition's tools, by name; absent: they are not known. */
  readonly loadSchemas?: EditionData["loadSchemas"];
  /** Whether a key, as Portkey's answers show it, can be one that this server works with; absent: not known. */
  readonly isOwnKey?: (shown: unknown) => boolean;
  /** Hosts, with their ports, where Portkey itself is: links to them may be private. Absent: those of each link. */
  readonly ownHosts?: readonly string[];
}

/**
 * What a composite answers: a JSON object that becomes both the text and the structuredContent. A member `failed` says
 * that a later step failed after earlier ones were done, so that the call is to end as an error with this content.
 */
export type CompositeResult = Readonly<Record<string, unknown>>;

/** By the composite's name; of whatever composite, where none is given. */
export type ArgumentsOf<Name> = Name extends keyof CompositeArguments
  ? Readonly<CompositeArguments[Name]>
  : Readonly<Record<string, unknown>>;

interface Running<Name> {
  // A method: one that takes certain arguments may stand where one of any is asked for, since its row was checked.
  run(args: ArgumentsOf<Name>, context: CompositeContext): Promise<CompositeResult>;
}

/** `args` have passed the tool's full schema. They lack `dry_run`, which is `context.dryRun`. */
export type Composite<Name extends keyof CompositeArguments | "" = ""> = Running<Name>["run"];
