/** What a caller is told whose token lacks scopes: 403 `insufficient_scope`, with what to ask the issuer for. */
import type { FastifyRequest } from "fastify";
import type { PolicySubject } from "../../catalog/policy.ts";
import type { HttpConfig } from "../../config/http-config.ts";
import type { Caller } from "../../mcp/registry.ts";
import type { Rules } from "../policy/rules.ts";
import type { HttpCaller, Principal } from "./principal.ts";
import { bearerRefusal, type HttpRefusal } from "./refusal.ts";
import { resourceOf } from "./resource.ts";
import { missingScopes, portkeyScopes } from "./scopes.ts";

/** As much of an HttpCaller as its scopes take; any other caller has none to lack. */
export type Scoped = Caller & Partial<Pick<HttpCaller, "identity" | "beforeScopes">>;

export interface ScopeRefusals {
  /** For a token with none of this server's scopes. */
  nothingGranted(request: FastifyRequest): HttpRefusal;
  /** Throws where only the token's scopes keep a caller from these tools. */
  requireScopes(caller: Scoped, wanted: readonly PolicySubject[], request: FastifyRequest): void;
}

export function createScopeRefusals(
  config: HttpConfig,
  records: readonly PolicySubject[],
  { names, wanted: base, besides, asked }: Rules,
): ScopeRefusals {
  const metadataOf = (request: FastifyRequest) => resourceOf(config, request).metadata;
  return {
    nothingGranted: (request) =>
      bearerRefusal(`The token carries no scope of this server. Ask its issuer for: ${base.join(" ")}.`, {
        error: "insufficient_scope",
        description: `Needs ${base.join(" or ")}.`,
        resourceMetadata: metadataOf(request),
        scope: asked,
      }),
    requireScopes({ beforeScopes, identity }, wanted, request) {
      if (beforeScopes === undefined || identity === undefined) return;
      const missing = wanted.flatMap((record) =>
        missingScopes(beforeScopes, identity.scopes, [record, ...callsOf(record, records)]),
      );
      if (missing.length === 0) return;
      const lacking = names.ask(missing);
      const tools = wanted.map(({ name }) => name).join(", ");
      throw bearerRefusal(`The token lacks the scope ${lacking.join(" and ")} for ${tools}.`, {
        error: "insufficient_scope",
        description: `Needs ${lacking.join(" ")}.`,
        resourceMetadata: metadataOf(request),
        scope: [...new Set([...names.ask(stepUp(identity, missing)), ...besides])],
      });
    },
  };
}

function callsOf({ calls = [] }: PolicySubject, records: readonly PolicySubject[]): PolicySubject[] {
  return records.filter(({ name }) => calls.includes(name));
}

/** A client replaces its token by one with exactly these scopes: what it has must be among them, or it loses that. */
function stepUp({ scopes }: Principal, missing: readonly string[]): string[] {
  return [...new Set([...portkeyScopes(scopes), ...missing])];
}
