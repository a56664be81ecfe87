/**
 * The interface of composites: tools that make several requests, or return more than the answer of their one request.
 * A composite calls plain tools by name through `call`, so that validation, keys, retries and masking apply as usual.
 */
import type { CompositeArguments } from "../../generated/portkey/composites.ts";
import type { EditionData } from "../catalog/editions.ts";
import type { Answer, PlannedRequest, ReportProgress, RequestTrace } from "../portkey/port.ts";
import type { HttpAnswer } from "../portkey/transport/pooled-fetch.ts";

/** Options of one request of a composite. */
export interface RequestOptions {
  /** Headers beside the server's own, such as `x-portkey-metadata`; never the key. */
  readonly headers?: Readonly<Record<string, string>>;
}

export interface CompositeContext {
  /** Sends a plain tool's request. In a dry run, only reading tools may be called. */
  call(tool: string, args: Readonly<Record<string, unknown>>, options?: RequestOptions): Promise<Answer>;
  /** The request a plain tool would send; for dry runs. */
  plan(tool: string, args: Readonly<Record<string, unknown>>, options?: RequestOptions): Promise<PlannedRequest>;
  /** Like `call`, but resolves at the headers of a 2xx answer, with its body unread: for server-sent events. */
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
  /** Makes a foreign text safe to quote in an error: without the call's keys and anything that looks like a secret. */
  quote?(words: string): string;
  readonly dryRun: boolean;
  /** Waits before a read is repeated; replaced in tests. Absent: waits for real. */
  sleep?(milliseconds: number): Promise<void>;
  readonly signal: AbortSignal;
  readonly progress: ReportProgress;
  /** Settings that composites may read, such as allowed metadata values; frozen, from Config. */
  readonly settings: Readonly<Record<string, string>>;
  /** The trace that the call belongs to. */
  readonly trace?: Pick<RequestTrace, "traceId" | "spanId">;
  /** Loads the full schemas of the edition's tools, by name. */
  readonly loadSchemas?: EditionData["loadSchemas"];
  /** Whether a masked key in an answer may be one that this server itself uses. */
  readonly isOwnKey?: (shown: unknown) => boolean;
  /** Portkey's own hosts with their ports: links to them may have private addresses. Absent: every link may. */
  readonly ownHosts?: readonly string[];
}

/**
 * A composite's result: a JSON object that becomes both the text and the structuredContent. A member `failed` means
 * that a step failed after earlier ones had been done: the call then ends as an error with this content.
 */
export type CompositeResult = Readonly<Record<string, unknown>>;

/** The type of a composite's arguments by its name; for any composite, a plain object. */
export type ArgumentsOf<Name> = Name extends keyof CompositeArguments
  ? Readonly<CompositeArguments[Name]>
  : Readonly<Record<string, unknown>>;

interface ArgumentTaking<Name> {
  // Declared as a method, whose parameters are bivariant: a composite with typed arguments can then be used where one
  // with any arguments is expected. The arguments are checked by the tool's schema before.
  run(args: ArgumentsOf<Name>, context: CompositeContext): Promise<CompositeResult>;
}

/** `args` have passed the tool's full schema. They lack `dry_run`, which is `context.dryRun`. */
export type Composite<Name extends keyof CompositeArguments | "" = ""> = ArgumentTaking<Name>["run"];
