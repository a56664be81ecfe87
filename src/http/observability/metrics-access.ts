/** Who may read the numbers: whoever may call tools, or whoever has the token that is for nothing else. */
import type { FastifyRequest } from "fastify";
import { presentedToken } from "../auth/presented-token.ts";
import { bearerRefusal } from "../auth/refusal.ts";
import { createStaticTokens } from "../auth/static-tokens.ts";

export interface MetricsAccess {
  /** Throws HttpRefusal. */
  check(request: FastifyRequest): Promise<unknown>;
  /** The token from now on; null: none is needed. */
  renew(token: string | null): void;
}

/** `otherwise` asks where no token is set. */
export function createMetricsAccess(token: string | null, otherwise: MetricsAccess["check"]): MetricsAccess {
  let check = checkOf(token) ?? otherwise;
  return {
    check: (request) => check(request),
    renew: (next) => {
      check = checkOf(next) ?? otherwise;
    },
  };
}

function checkOf(token: string | null): MetricsAccess["check"] | undefined {
  if (token === null) return undefined;
  const find = createStaticTokens([{ name: "metrics", token }]);
  return async (request) => {
    const presented = presentedToken(request);
    if ("error" in presented) throw bearerRefusal(presented.description, presented);
    if (presented.token === null)
      throw bearerRefusal("The metrics need their own token. Send Authorization: Bearer with MCP_METRICS_TOKEN.", {});
    if (find(presented.token) !== null) return;
    const description = "The token is not the one of the metrics (MCP_METRICS_TOKEN).";
    throw bearerRefusal(description, { error: "invalid_token", description });
  };
}
