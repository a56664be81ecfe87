/**
 * Authentication and authorisation by the key in `x-portkey-api-key`: its kind, workspace and scopes.
 */
import { ApiError } from "./api-error.ts";
import { asList } from "../json.ts";
import { allows, type Access } from "./scopes.ts";
import { uuid } from "../state/ids.ts";
import type { World } from "../state/world.ts";

export interface Principal {
  readonly kind: "workspace" | "admin" | "token" | "none";
  readonly keyId: string;
  readonly userId: string;
  /** The id of the only workspace that a workspace key reaches. */
  readonly workspaceId?: string;
  readonly scopes: ReadonlySet<string>;
}

/** Whether the caller acts for the whole organisation, as with an admin key or as a service account. */
export function administers({ kind }: Principal): boolean {
  return kind === "admin" || kind === "token";
}

/** The caller of an operation that needs no key. */
export const anonymous: Principal = { kind: "none", keyId: "", userId: "", scopes: new Set() };

/** The caller with a key. Throws 401 for a missing, unknown, deleted or expired one. */
export function identify(world: World, secret: string | undefined): Principal {
  if (!secret) throw new ApiError(401, "No API key: send it in the header x-portkey-api-key.");
  const key = world.keys.holder(secret, world.now());
  if (!key) throw new ApiError(401, "This API key is not known, or is no longer valid.");
  const { workspace_id, user_id, scopes, type } = key.fields;
  const principal = { keyId: key.id, userId: String(user_id ?? key.id), scopes: new Set(asList(scopes).map(String)) };
  if (String(type).startsWith("organisation")) return { kind: "admin", ...principal };
  return { kind: "workspace", ...principal, workspaceId: String(workspace_id) };
}

/** The organisation's service account, authenticated by a token. Throws 401 for an invalid one. */
export function identifyByToken(world: World, authorization: unknown): Principal {
  if (!world.tokens.accepts(authorization))
    throw new ApiError(401, "No valid token: send one in the header Authorization, as Bearer.");
  return { kind: "token", keyId: "", userId: uuid("service account"), scopes: new Set() };
}

/** Throws 403 for a key of the wrong kind or without the scopes. */
export function authorise(principal: Principal, access: Access | undefined): void {
  if (!access) return;
  if (access.key !== "any" && access.key !== "none" && access.key !== principal.kind) {
    throw new ApiError(403, `This operation needs ${access.key === "admin" ? "an admin" : "a workspace"} key.`);
  }
  if (!allows(access.scopes, principal.scopes)) throw new ApiError(403, `This key lacks the scope ${access.scopes}.`);
}
