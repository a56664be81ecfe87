/**
 * One request on its way through the sandbox, and what may be answered to it.
 */
import { ApiError } from "../http/api-error.ts";
import type { Operation } from "../shapes/document.ts";
import { nameless } from "../shapes/document.ts";
import { listOf, objectOf, type Json } from "../json.ts";
import { resourceOf } from "./resources.ts";
import type { Principal } from "../http/principal.ts";
import type { Page, View } from "../shapes/shape.ts";
import type { Entity } from "../state/store.ts";
import type { World } from "../state/world.ts";

export type Reply =
  /** One resource, or one answer; shaped as declared. */
  | { readonly one: View }
  /** A list's page; shaped as declared. */
  | { readonly page: Page }
  /** A body sent as it is: JSON, or text of the type in `headers`. */
  | { readonly raw: unknown; readonly headers?: Readonly<Record<string, string>> }
  /** Nothing but the declared shape of a success: `{}` for most. */
  | { readonly done: true };

/** Serves one operation, or one sort of operation. */
export type Handler = (call: Call) => Reply;

/** What a caller sent to an operation. */
export interface Sent {
  /** The path's parameters, decoded. */
  readonly values: readonly string[];
  readonly query: Readonly<Record<string, string>>;
  /** The JSON body; undefined where the request had none. */
  readonly body: unknown;
  readonly headers: Readonly<Record<string, unknown>>;
  /** The sandbox's own address, for links into it. */
  readonly origin: string;
}

export class Call implements Sent {
  readonly values: Sent["values"];
  readonly query: Sent["query"];
  readonly body: unknown;
  readonly headers: Sent["headers"];
  readonly origin: string;

  constructor(
    readonly world: World,
    readonly operation: Operation,
    readonly principal: Principal,
    { values, query, body, headers, origin }: Sent,
  ) {
    this.values = values;
    this.query = query;
    this.body = body;
    this.headers = headers;
    this.origin = origin;
  }

  /** The body as an object. */
  get fields(): Json {
    return objectOf(this.body);
  }

  /** The body as a list: itself, or the one entry it is. */
  get entries(): unknown[] {
    if (Array.isArray(this.body)) return this.body;
    return this.body === undefined ? [] : [this.body];
  }

  /** The kind of resource the n-th path parameter names: `/prompts` for `/prompts/{promptId}/versions`. */
  kindAt(index: number): string {
    const parts = nameless(this.operation.path).split("/{}");
    return parts.slice(0, index + 1).join("/{}");
  }

  /** The resource the n-th path parameter names, by id or slug. 404 where there is none, 403 in another workspace. */
  entity(index = 0): Entity {
    const kind = this.kindAt(index);
    const reference = this.values[index] ?? "";
    const parent = index > 0 ? this.entity(index - 1) : undefined;
    const found = this.world.store.find(kind, reference, parent?.id);
    if (!found || (found.archived && this.query["status"] !== "archived")) throw notFound(kind, reference);
    this.ensureReach(found);
    return found;
  }

  /** Refuses a workspace key what lies in another workspace. */
  ensureReach(entity: Entity): void {
    if (this.principal.workspaceId && isOrganisationKey(entity))
      throw new ApiError(403, "This key belongs to the organisation.");
    const home = entity.kind === "/admin/workspaces" ? entity.id : (entity.fields["workspace_id"] ?? entity.parent);
    const { workspaceId } = this.principal;
    if (workspaceId && typeof home === "string" && this.world.workspace(home) && home !== workspaceId) {
      throw new ApiError(403, "This key belongs to another workspace.");
    }
  }

  /** The id of the workspace that `reference` names; 403 where there is none, or the key is of another. */
  workspaceId(reference: unknown): string {
    const workspace = this.world.workspace(reference);
    if (!workspace) throw new ApiError(403, `There is no workspace ${String(reference)}.`);
    this.ensureReach(workspace);
    return workspace.id;
  }

  /** A comma-separated query parameter as a list; undefined where it is absent. */
  listQuery(name: string): string[] | undefined {
    const value = this.query[name];
    return value === undefined || value === "" ? undefined : value.split(",").map((each) => each.trim());
  }
}

function isOrganisationKey({ kind, fields }: Entity): boolean {
  return kind === "/api-keys" && String(fields["type"]).startsWith("organisation");
}

export function notFound(kind: string, reference: string): ApiError {
  const name =
    kind
      .split("/")
      .filter((part) => part !== "{}")
      .at(-1) ?? "resource";
  const { status = 404, errorCode = "AB02" } = resourceOf(kind).missing ?? {};
  const text = `No ${name.replace(/-/g, " ").replace(/s$/, "")} has the id or slug ${reference}.`;
  return new ApiError(status, text, errorCode);
}

/** The body's list under a name, as objects. */
export function objectsIn(fields: Json, name: string): Json[] {
  return listOf(fields[name]).map(objectOf);
}
