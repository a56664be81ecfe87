/** The request that starts a session, or where there are none tells a client with whom it talks. */
import { InitializeRequestSchema, type JSONRPCRequest } from "@modelcontextprotocol/sdk/types.js";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { Caller } from "../../mcp/registry.ts";
import { RPC } from "../../mcp/rpc-error.ts";
import { LegacyRefusal } from "./legacy-refusal.ts";
import { ownerTagOf } from "../limits/owner-tag.ts";
import { bindingOf, SESSION_ID, type EndpointParts } from "./parts.ts";
import type { Sessions } from "./session.ts";
import type { SharedServer } from "./shared-server.ts";

/** What a session keeps of its client must stay small: there may be many. */
const MAX_DECLARATION = 16_384;

export async function initialize(
  { servers, sessions }: EndpointParts,
  { headers }: FastifyRequest,
  request: JSONRPCRequest,
  reply: FastifyReply,
  caller: Caller,
): Promise<void> {
  if (sessions !== undefined && (await namesOpenSession(sessions, headers["mcp-session-id"], caller))) {
    throw new LegacyRefusal(
      400,
      RPC.invalidRequest,
      "initialize starts a session, and Mcp-Session-Id names one. Send it without.",
    );
  }
  const parsed = InitializeRequestSchema.safeParse(request);
  if (!parsed.success) {
    const fields = [...new Set(parsed.error.issues.map(({ path }) => path.join(".")))].join(", ");
    throw new LegacyRefusal(400, RPC.invalidParams, `initialize: ${fields || "params"} must be as MCP defines it.`);
  }
  const answer = await answerOf(await servers.fresh(caller), request, caller);
  const { result } = JSON.parse(answer) as { result?: { protocolVersion: string } };
  if (sessions !== undefined && result !== undefined) {
    const { protocolVersion, capabilities, clientInfo } = request.params as Record<string, unknown>;
    const declared = { protocolVersion, capabilities, clientInfo };
    if (JSON.stringify(declared).length > MAX_DECLARATION)
      throw new LegacyRefusal(
        400,
        RPC.invalidParams,
        `initialize: the parameters may have ${MAX_DECLARATION} characters.`,
      );
    const session = await sessions.open({
      owner: ownerTagOf(caller),
      binding: bindingOf(caller),
      revision: result.protocolVersion,
      initialize: declared,
    });
    reply.header("mcp-session-id", session.id);
  }
  reply.type("application/json; charset=utf-8").send(answer);
}

/** A client that starts anew may still carry the id of a session that has ended. */
async function namesOpenSession(sessions: Sessions, id: unknown, caller: Caller): Promise<boolean> {
  if (typeof id !== "string" || !SESSION_ID.test(id)) return false;
  return typeof (await sessions.find(id, bindingOf(caller))) === "object";
}

function answerOf(server: SharedServer, request: JSONRPCRequest, caller: Caller): Promise<string> {
  return new Promise((resolve) => {
    server.ask(1, { request, caller, emit: () => undefined, finish: (answer) => resolve(answer as string) });
  });
}
