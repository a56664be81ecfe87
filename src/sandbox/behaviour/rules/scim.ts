/**
 * The rule for SCIM mappings: exactly one group, by id or by name.
 */
import { ApiError } from "../../http/api-error.ts";
import type { Rule } from "./rule.ts";

export const scimRule: Rule = {
  check: (_call, body) => {
    const given = ["scim_group_id", "scim_group_name", "scim_group"].filter((name) => body[name] !== undefined);
    if (given.length !== 1) throw new ApiError(400, "Exactly one of scim_group_id and scim_group_name is required.");
  },
  keep: (_call, body) => (typeof body["role"] === "string" ? { role: body["role"].toLowerCase() } : {}),
};
