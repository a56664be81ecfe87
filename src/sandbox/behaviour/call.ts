/**
 * One request to an operation of the sandbox, and the types of its handler and reply.
 */
import { ApiError } from "../http/api-error.ts";
import type { Operation } from "../shapes/document.ts";
import { withoutNames } from "../shapes/document.ts";
import { asList, asObject, type Json } from "../json.ts";
import { findResource } from "./resources.ts";
import type { Principal } from "../http/principal.ts";
import type { Page, View } from "../shapes/shape.ts";
import type { Entity } from "../state/store.ts";
import type { World } from "../state/world.ts";

export type Reply =
  /** One object, to be brought into the declared shape. */
  | { readonly one: View }
  /** A page of a list, to be brought into the declared shape. */
  | { readonly page: Page }
  /** A body sent unchanged: JSON, or text of the type in `headers`. */
  | { readonly raw: unknown; readonly headers?: Readonly<Record<string, string>> }
  /** The declared shape of a success without data: `{}` for most. */
  | { readonly done: true };

/** Handles one operation, or one kind of operations. */
export type Handler = (call: Call) => Reply;

/** The caller's input to an operation. */
export interface CallInput {
  /** The path's parameters, decoded. */
  readonly values: readonly string[];
  readonly query: Readonly<Record<string, string>>;
  /** The JSON body; undefined where the request had none. */
  readonly body: unknown;
  readonly headers: Readonly<Record<string, unknown>>;
  /** The sandbox's own address, for links into it. */
  readonly origin: string;
}

export class Call implements CallInput {
  readonly values: CallInput["values"];
  readonly query: CallInput["query"];
  readonly body: unknown;
  readonly headers: CallInput["headers"];
  readonly origin: string;

  constructor(
    readonly world: World,
    readonly operation: Operation,
    readonly principal: Principal,
    { values, query, body, headers, origin }: CallInput,
  ) {
    this.values = values;
    this.query = query;
    this.body = body;
    this.headers = headers;
    this.origin = origin;
  }

  /** The body as an object. */
  get fields(): Json {
    return asObject(this.body);
  }

  /** The body as a list: itself, or a list of the body alone. */
  get entries(): unknown[] {
    if (Array.isArray(this.body)) return this.body;
    return this.body === undefined ? [] : [this.body];
  }

  /** The kind of resource that the n-th path parameter identifies: `/prompts` in `/prompts/{promptId}/versions`. */
  kindAt(index: number): string {
    const parts = withoutNames(this.operation.path).split("/{}");
    return parts.slice(0, index + 1).join("/{}");
  }

  /** The resource that the n-th path parameter identifies. Throws 404 where there is none, 403 in another workspace. */
  entity(index = 0): Entity {
    const kind = this.kindAt(index);
    const reference = this.values[index] ?? "";
    const parent = index > 0 ? this.entity(index - 1) : undefined;
    const found = this.world.store.find(kind, reference, parent?.id);
    if (!found || (found.archived && this.query["status"] !== "archived")) throw notFound(kind, reference);
    this.ensureReach(found);
    return found;
  }

  /** Throws 403 where a workspace key accesses an object of another workspace or of the organisation. */
  ensureReach(entity: Entity): void {
    if (this.principal.workspaceId && isOrganisationKey(entity))
      throw new ApiError(403, "This key belongs to the organisation.");
    const home = entity.kind === "/admin/workspaces" ? entity.id : (entity.fields["workspace_id"] ?? entity.parent);
    const { workspaceId } = this.principal;
    if (workspaceId && typeof home === "string" && this.world.workspace(home) && home !== workspaceId) {
      throw new ApiError(403, "This key belongs to another workspace.");
    }
  }

  /** The id of a workspace by id or slug. Throws 403 where there is none, or the key belongs to another. */
  workspaceId(reference: unknown): string {
    const workspace = this.world.workspace(reference);
    if (!workspace) throw new ApiError(403, `There is no workspace ${String(reference)}.`);
    this.ensureReach(workspace);
    return workspace.id;
  }

  /** A comma-separated query parameter as a list; undefined where it is absent. */
  listQuery(name: string): string[] | undefined {
    const value = this.query[name];
    return value === undefined || value === "" ? undefined : value.split(",").map((entry) => entry.trim());
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
  const { status = 404, errorCode = "AB02" } = findResource(kind).missing ?? {};
  const text = `No ${name.replace(/-/g, " ").replace(/s$/, "")} has the id or slug ${reference}.`;
  return new ApiError(status, text, errorCode);
}

/** The objects of a list in the body. */
export function readObjects(fields: Json, name: string): Json[] {
  return asList(fields[name]).map(asObject);
}
