/**
 * The route of MCP, for both eras: POST, GET and DELETE. It authenticates each request, applies rate limits and checks
 * the token's scopes, then passes the request to its era's adapter.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { PolicySubject } from "../../catalog/policy.ts";
import type { ModernHandler } from "../../mcp/modern/modern-http.ts";
import type { Caller, Registry } from "../../mcp/registry.ts";
import { dropEmptyParams } from "../../mcp/empty-params.ts";
import type { HttpCaller } from "../auth/principal.ts";
import { HttpRefusal } from "../auth/refusal.ts";
import { MCP_PATH } from "../auth/resource.ts";
import { looksModern } from "./era.ts";
import { legacyToolsList } from "./fast-list.ts";
import { methodOf } from "./json-rpc.ts";
import type { LegacyEndpoint } from "./legacy-endpoint.ts";
import type { UnreadAnswers } from "../limits/unread-answers.ts";
import type { RateLimits } from "../limits/limit-rate.ts";
import { observeRequest, wireOf } from "./observe-request.ts";
import { answerModern, clientDisconnected } from "./modern-bridge.ts";

/** Authenticates a request. Throws HttpRefusal. */
export type Authenticate = (request: FastifyRequest) => Promise<Caller>;

export interface McpRouteParts {
  readonly registry: Registry;
  readonly authenticate: Authenticate;
  /** Throws HttpRefusal 403 where only the token's scopes keep the caller from these tools. */
  readonly requireScopes?: (caller: Caller, records: readonly PolicySubject[], request: FastifyRequest) => void;
  /** The records that a tools/call needs the rights for. */
  readonly recordsOf?: (tool: string, args: unknown) => readonly PolicySubject[];
  readonly limits: RateLimits;
  readonly unread?: UnreadAnswers;
  readonly legacy: LegacyEndpoint;
  /** Loaded when the first modern request comes. */
  readonly modern: () => Promise<ModernHandler>;
  readonly stateless: boolean;
  readonly refusing: () => boolean;
}

declare module "fastify" {
  interface FastifyRequest {
    /** Set for authenticated requests to MCP. */
    caller: Caller | null;
  }
}

const JSON_TYPE = "application/json; charset=utf-8";

export function serveMcp(app: FastifyInstance, parts: McpRouteParts): void {
  const { registry, limits, legacy } = parts;
  app.decorateRequest("caller", null);

  async function admit(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    if (parts.refusing()) {
      reply.header("connection", "close");
      throw new HttpRefusal(503, "This instance is shutting down; send the request again.", { "retry-after": "1" });
    }
    const caller: Caller & Partial<HttpCaller> = await parts.authenticate(request);
    request.caller = registry.observer === undefined ? caller : { ...caller, wire: wireOf(request, caller) };
    const owner = caller.quota ?? caller.principal;
    parts.unread?.setClient(request.raw.socket, owner);
    // Anonymous callers are only told apart by their address, which has been counted already.
    if (caller.identity?.kind !== "anonymous") await limits.principal(request, reply, owner);
  }

  async function answer(request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
    request.body = dropEmptyParams(request.body);
    const caller = observeRequest(registry, request, reply);
    requireScopes(parts, request, caller);
    if (looksModern(request)) {
      const modern = await parts.modern();
      const plain = await modern.plain(request.headers, request.body, caller, () => clientDisconnected(reply));
      if (plain !== undefined) return reply.code(plain.status).type(JSON_TYPE).send(plain.body);
      if (modern.serves(request.headers, request.body)) return answerModern(modern, request, reply, caller);
    } else if (parts.stateless) {
      const list = legacyToolsList(request, caller, registry);
      if (list !== undefined) return reply.type(JSON_TYPE).send(list);
    }
    return legacy.handle(request, reply, caller);
  }

  app.route({
    method: ["POST", "GET", "DELETE"],
    url: MCP_PATH,
    exposeHeadRoute: false,
    onRequest: admit,
    handler: answer,
  });
}

function requireScopes(
  { requireScopes: require, recordsOf }: McpRouteParts,
  request: FastifyRequest,
  caller: Caller,
): void {
  if (require === undefined || recordsOf === undefined || methodOf(request.body) !== "tools/call") return;
  const { name, arguments: args } = (request.body as { params?: { name?: unknown; arguments?: unknown } }).params ?? {};
  if (typeof name === "string") require(caller, recordsOf(name, args), request);
}
