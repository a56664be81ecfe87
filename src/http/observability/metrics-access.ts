/** Who may read /metrics: clients with its own token where one is set, otherwise everybody who may call tools. */
import type { FastifyRequest } from "fastify";
import { presentedToken } from "../auth/presented-token.ts";
import { bearerRefusal } from "../auth/refusal.ts";
import { createStaticTokens } from "../auth/static-tokens.ts";

export interface MetricsAccess {
  /** Throws HttpRefusal. */
  check(request: FastifyRequest): Promise<unknown>;
  /** Sets another token; null: no token of its own. */
  renew(token: string | null): void;
}

/** `fallback` is the check where no token is set. */
export function createMetricsAccess(token: string | null, fallback: MetricsAccess["check"]): MetricsAccess {
  let check = createTokenCheck(token) ?? fallback;
  return {
    check: (request) => check(request),
    renew: (next) => {
      check = createTokenCheck(next) ?? fallback;
    },
  };
}

function createTokenCheck(token: string | null): MetricsAccess["check"] | undefined {
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
