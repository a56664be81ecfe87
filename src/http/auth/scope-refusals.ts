/** Refuses callers whose tokens lack scopes: 403 `insufficient_scope`, with the scopes to ask the issuer for. */
import type { FastifyRequest } from "fastify";
import type { PolicySubject } from "../../catalog/policy.ts";
import type { HttpConfig } from "../../config/http-config.ts";
import type { Caller } from "../../mcp/registry.ts";
import type { Rules } from "../policy/rules.ts";
import type { HttpCaller, Principal } from "./principal.ts";
import { bearerRefusal, type HttpRefusal } from "./refusal.ts";
import { resourceOf } from "./resource.ts";
import { missingScopes, portkeyScopes } from "./scopes.ts";

/** A caller, with what an HttpCaller has for its scopes; callers without these are not restricted by scopes. */
export type ScopedCaller = Caller & Partial<Pick<HttpCaller, "identity" | "beforeScopes">>;

export interface ScopeRefusals {
  /** The refusal of a token with none of this server's scopes. */
  noScopes(request: FastifyRequest): HttpRefusal;
  /** Throws HttpRefusal 403 where only the token's scopes keep a caller from these tools. */
  requireScopes(caller: ScopedCaller, tools: readonly PolicySubject[], request: FastifyRequest): void;
}

export function createScopeRefusals(
  config: HttpConfig,
  records: readonly PolicySubject[],
  { names, ownLoginScopes, otherLoginScopes, loginScopes }: Rules,
): ScopeRefusals {
  const metadataOf = (request: FastifyRequest) => resourceOf(config, request).metadata;
  return {
    noScopes: (request) =>
      bearerRefusal(`The token carries no scope of this server. Ask its issuer for: ${ownLoginScopes.join(" ")}.`, {
        error: "insufficient_scope",
        description: `Needs ${ownLoginScopes.join(" or ")}.`,
        resourceMetadata: metadataOf(request),
        scope: loginScopes,
      }),
    requireScopes({ beforeScopes, identity }, tools, request) {
      if (beforeScopes === undefined || identity === undefined) return;
      const missing = tools.flatMap((record) =>
        missingScopes(beforeScopes, identity.scopes, [record, ...callsOf(record, records)]),
      );
      if (missing.length === 0) return;
      const missingNames = names.ask(missing);
      const toolNames = tools.map(({ name }) => name).join(", ");
      throw bearerRefusal(`The token lacks the scope ${missingNames.join(" and ")} for ${toolNames}.`, {
        error: "insufficient_scope",
        description: `Needs ${missingNames.join(" ")}.`,
        resourceMetadata: metadataOf(request),
        scope: [...new Set([...names.ask(stepUpScopes(identity, missing)), ...otherLoginScopes])],
      });
    },
  };
}

function callsOf({ calls = [] }: PolicySubject, records: readonly PolicySubject[]): PolicySubject[] {
  return records.filter(({ name }) => calls.includes(name));
}

/** A client gets a new token with exactly the scopes of the challenge: so the scopes that it has are among them. */
function stepUpScopes({ scopes }: Principal, missing: readonly string[]): string[] {
  return [...new Set([...portkeyScopes(scopes), ...missing])];
}
