/**
 * The rule for secret references: access of all workspaces or of some, credentials merged field by field, and a
 * manager type that does not change.
 */
import { ApiError } from "../../http/api-error.ts";
import type { Call } from "../call.ts";
import { asList, asObject, type Json } from "../../json.ts";
import type { Entity } from "../../state/store.ts";
import type { Rule } from "./rule.ts";

export const secretReferenceRule: Rule = {
  check: (_call, body) => {
    if (body["allow_all_workspaces"] === true && asList(body["allowed_workspaces"]).length > 0)
      throw new ApiError(400, "allow_all_workspaces: true and allowed_workspaces exclude each other.");
  },
  keep: (call, body, entity) => ({ ...storedAccess(call, body), ...(entity && storedCredentials(body, entity)) }),
};

function storedAccess(call: Call, body: Json): Json {
  if (body["allow_all_workspaces"] === true) return { allowed_workspaces: [] };
  if (body["allowed_workspaces"] === undefined) return {};
  const allowed = asList(body["allowed_workspaces"]).map((reference) => call.workspaceId(reference));
  return { allowed_workspaces: allowed, allow_all_workspaces: false };
}

function storedCredentials(body: Json, { fields }: Entity): Json {
  const { auth_config, manager_type } = fields;
  if (body["auth_config"] === undefined) return { manager_type };
  return { manager_type, auth_config: { ...asObject(auth_config), ...asObject(body["auth_config"]) } };
}
