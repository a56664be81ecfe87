/**
 * The record: one entry of the generated manifest. The generator writes it, everything else reads it.
 * A record is data; behaviour follows from it by table (annotations, retry and confirmation from `risk`, keys from
 * `key`).
 */

/**
 * What a call does to the organisation: nothing, adds something, changes something recoverable, or ends, exposes or
 * puts something live.
 */
export type Risk = "read" | "create" | "update" | "destroy";

/**
 * What a call is sent with: a kind of Portkey key (`any` takes either), a service account's `token`, or nothing
 * (`none`).
 */
export type KeyKind = "any" | "workspace" | "admin" | "token" | "none";

/** Whose an operation is, where its arguments do not say: one workspace's, or the organisation's. */
export type Reach = "workspace" | "organisation";

/**
 * Which of the API's hosts serves the operation, by the name that its edition gives it; every edition has `control` and
 * `gateway`. The addresses are configuration (`Bases`).
 */
export type BaseName = string;

/**
 * Where the facts come from: Portkey's document, its prose only (a 404 can say so), or this project (no operation of
 * its own).
 */
export type Source = "spec" | "documented" | "composite";

/** Where an argument goes. `own` arguments (dry_run, wait, …) are read here and never sent. */
export type Place = "path" | "query" | "header" | "body" | "own";

export interface Argument {
  /** The name a caller uses. */
  readonly name: string;
  /** The name Portkey uses; differs for parts of the path and headers only (`promptId` for `prompt_id`). */
  readonly api: string;
  readonly place: Place;
  readonly required: boolean;
  /** Listed inside `more` instead of among the properties; accepted in both places. */
  readonly folded?: true;
  /** Its value names workspaces, by id or slug: as text, or in a list or object (src/portkey/keys/call-subject.ts). */
  readonly namesWorkspace?: true;
  /** The values that make the call one about the organisation; `given`: any value does, unless a workspace is named. */
  readonly organisationWhen?: "given" | readonly unknown[];
  /** A filter's value where it is left out, if that leaves something out of a list. */
  readonly filtersBy?: string;
}

/** How a list is walked. `page` counts pages from `first`; `cursor` passes the answer's next cursor on. */
export interface Paging {
  readonly style: "page" | "cursor";
  /** Argument that takes the page number or cursor. */
  readonly page: string;
  /** Argument that takes the page's size. */
  readonly size: string;
  /** The first page's number; absent where neither the document nor the curation says it. */
  readonly first?: 0 | 1;
}

/**
 * How the arguments become a JSON body: none at all; each body argument a field of an object; or, where the API takes
 * an object or a list of such objects, the argument `entries` is the list and excludes the fields; or, where the API
 * declares no field of it, the argument `body` is all of it.
 */
export type BodyStyle = "none" | "fields" | "fields-or-list" | "whole";

export interface ToolRecord {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly domain: string;
  readonly risk: Risk;
  readonly idempotent: boolean;
  readonly source: Source;
  /** Older or second names that keep working. */
  readonly aliases: readonly string[];
  /** Words people use for it that stand in neither name nor description; for search. */
  readonly keywords: readonly string[];
  /** Portkey's scopes as an expression: `a | b` either, `a & b` both; empty where none is documented. */
  readonly scopes: string;
  readonly key: KeyKind;
  readonly reach: Reach;
  /** A list whose items say which workspace a key belongs to: by this member, `id` where they are the workspaces. */
  readonly tellsWorkspace?: "id" | "workspace_id";
  /** The operation; absent for a tool of our own that makes several requests or none. */
  readonly method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly path?: string;
  readonly base: BaseName;
  readonly arguments: readonly Argument[];
  readonly body: BodyStyle;
  /** The API demands a body: where no body argument is given, `{}` is sent instead of nothing. */
  readonly bodyRequired?: true;
  /** What the body is called when it is sent, where that is not `application/json`: a format written as JSON. */
  readonly mediaType?: string;
  readonly paging?: Paging;
  /** The file in src/composites that answers instead of the plain request. */
  readonly composite?: string;
  /** The tools that the composite calls; what a caller may not do with them, it may not do through the composite. */
  readonly calls?: readonly string[];
  /** Rules beyond the schema that the arguments are held to, by their name in src/portkey/request/rules.ts. */
  readonly rules?: string;
  /** What to do about a refusal, by status; `unknown`: where the outcome is. Beside what holds for every tool. */
  readonly onError?: Readonly<Record<string, string>>;
  /** Arguments of an example call, where those made from the schema would be wrong or do harm. */
  readonly example?: Readonly<Record<string, unknown>>;
  /** Answers with `structuredContent` in this declared shape; only where the shape is ours. */
  readonly output?: JsonSchema;
}

/** A JSON Schema node as far as this project reads one. */
export interface JsonSchema {
  readonly type?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly enum?: readonly unknown[];
  readonly additionalProperties?: boolean | JsonSchema;
  readonly [keyword: string]: unknown;
}

/** The MCP annotations a risk stands for. Every tool reaches Portkey, hence open-world; a local one is not. */
export function annotationsOf(record: Pick<ToolRecord, "title" | "risk" | "idempotent" | "method" | "key" | "source">) {
  return {
    title: record.title,
    readOnlyHint: record.risk === "read",
    destructiveHint: record.risk === "destroy",
    idempotentHint: record.risk === "read" || record.idempotent,
    openWorldHint: !(record.source === "composite" && record.key === "none"),
  } as const;
}
