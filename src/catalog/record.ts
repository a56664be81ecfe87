/**
 * The record: one entry of the generated manifest. The generator writes it, everything else reads it.
 * A record is data; behaviour follows from it by table (annotations, retry and confirmation from `risk`, keys from
 * `key`).
 */

/**
 * What a call does to the organisation. `read`: nothing; `create`: adds an object; `update`: a change that can be
 * undone; `destroy`: deletes or exposes something, or puts it live.
 */
export type Risk = "read" | "create" | "update" | "destroy";

/**
 * What a call is sent with: a kind of Portkey key (`any` takes either), a service account's `token`, or nothing
 * (`none`).
 */
export type KeyKind = "any" | "workspace" | "admin" | "token" | "none";

/** What an operation acts on where its arguments do not say: one workspace, or the organisation. */
export type Reach = "workspace" | "organisation";

/**
 * Which of the API's hosts serves the operation, by its name in the edition; every edition has `control` and `gateway`.
 * The addresses are configuration (`Bases`).
 */
export type BaseName = string;

/**
 * Where the facts come from: Portkey's document, only the prose of its documentation (such an operation may answer
 * 404), or this project (the tool has no operation of its own).
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
  /** The values that make the call act on the organisation; `given`: any value does, unless a workspace is named. */
  readonly organisationWhen?: "given" | readonly unknown[];
  /** The default of a filter, where it already excludes items from a list. */
  readonly filtersBy?: string;
}

/** How a list is paged: `page` numbers pages from `first`; `cursor` takes the cursor of the answer before. */
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
 * How the arguments become a JSON body.
 * - `none`: there is no body.
 * - `fields`: each body argument is a field of one object.
 * - `fields-or-list`: the API takes an object or a list of such objects; the argument `entries` is the list, and
 *   excludes the fields.
 * - `whole`: the API declares no fields; the argument `body` is the body.
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
  /** Other names that work too, such as former ones. */
  readonly aliases: readonly string[];
  /** Words that people use for it and that are in neither name nor description; for search. */
  readonly keywords: readonly string[];
  /** Portkey's scopes as an expression: `a | b` either, `a & b` both; empty where none is documented. */
  readonly scopes: string;
  readonly key: KeyKind;
  readonly reach: Reach;
  /** For a list whose items say which workspace a key belongs to: the member with the workspace's id. */
  readonly tellsWorkspace?: "id" | "workspace_id";
  /** The operation; absent for a tool of our own that makes several requests or none. */
  readonly method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly path?: string;
  readonly base: BaseName;
  readonly arguments: readonly Argument[];
  readonly body: BodyStyle;
  /** The API requires a body: where no body argument is given, `{}` is sent. */
  readonly bodyRequired?: true;
  /** What the body is called when it is sent, where that is not `application/json`: a format written as JSON. */
  readonly mediaType?: string;
  readonly paging?: Paging;
  /** The file in src/composites that answers instead of the plain request. */
  readonly composite?: string;
  /** The tools that the composite calls; a caller that may not use them cannot do so through the composite either. */
  readonly calls?: readonly string[];
  /** The name in src/portkey/request/rules.ts of rules that the arguments must meet beyond the schema. */
  readonly rules?: string;
  /** What to do about a refusal, by status; `unknown`: where the outcome is unknown. Added to the general advice. */
  readonly onError?: Readonly<Record<string, string>>;
  /** Arguments of an example call, where an example made from the schema would be wrong or harmful. */
  readonly example?: Readonly<Record<string, unknown>>;
  /** The schema of `structuredContent`; only for tools whose answer's shape is defined by this project. */
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

/** The MCP annotations that follow from the risk. Tools reach Portkey and are open-world, except for local ones. */
export function toolAnnotations(
  record: Pick<ToolRecord, "title" | "risk" | "idempotent" | "method" | "key" | "source">,
) {
  return {
    title: record.title,
    readOnlyHint: record.risk === "read",
    destructiveHint: record.risk === "destroy",
    idempotentHint: record.risk === "read" || record.idempotent,
    openWorldHint: !(record.source === "composite" && record.key === "none"),
  } as const;
}
