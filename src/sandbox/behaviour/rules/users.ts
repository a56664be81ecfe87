/**
 * The rule for users: an update must change the role.
 */
import { ApiError } from "../../http/api-error.ts";
import type { Rule } from "./rule.ts";

export const userRule: Rule = {
  check: (_call, body, user) => {
    if (user && body["role"] !== undefined && body["role"] === user.fields["role"])
      throw new ApiError(400, "Invalid request: the user has this role already.");
  },
};
