/**
 * Secret references: open to all workspaces or to some, a login that changes field by field, a manager that never does.
 */
import { ApiError } from "../../http/api-error.ts";
import type { Call } from "../call.ts";
import { listOf, objectOf, type Json } from "../../json.ts";
import type { Entity } from "../../state/store.ts";
import type { Rule } from "./rule.ts";

export const secretReferenceRule: Rule = {
  check: (_call, body) => {
    if (body["allow_all_workspaces"] === true && listOf(body["allowed_workspaces"]).length > 0)
      throw new ApiError(400, "allow_all_workspaces: true and allowed_workspaces exclude each other.");
  },
  keep: (call, body, entity) => ({ ...keptAccess(call, body), ...(entity && keptLogin(body, entity)) }),
};

function keptAccess(call: Call, body: Json): Json {
  if (body["allow_all_workspaces"] === true) return { allowed_workspaces: [] };
  if (body["allowed_workspaces"] === undefined) return {};
  const allowed = listOf(body["allowed_workspaces"]).map((reference) => call.workspaceId(reference));
  return { allowed_workspaces: allowed, allow_all_workspaces: false };
}

function keptLogin(body: Json, { fields }: Entity): Json {
  const { auth_config, manager_type } = fields;
  if (body["auth_config"] === undefined) return { manager_type };
  return { manager_type, auth_config: { ...objectOf(auth_config), ...objectOf(body["auth_config"]) } };
}
