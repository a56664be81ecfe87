/** Answers `initialize`, which starts a session where the server has sessions. */
import { InitializeRequestSchema, type JSONRPCRequest } from "@modelcontextprotocol/sdk/types.js";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { Caller } from "../../mcp/registry.ts";
import { RPC } from "../../mcp/rpc-error.ts";
import { LegacyRefusal } from "./legacy-refusal.ts";
import { ownerTagOf } from "../limits/owner-tag.ts";
import { bindingOf, SESSION_ID, type EndpointParts } from "./parts.ts";
import type { Sessions } from "./sessions/session.ts";
import type { SharedServer } from "./servers/shared-server.ts";

/** Characters of a client's declaration, as JSON. Each session keeps one, and there may be many sessions. */
const MAX_DECLARATION = 16_384;

/** An initialize request, and where its answer goes. */
export interface InitializeCall {
  readonly message: JSONRPCRequest;
  readonly headers: FastifyRequest["headers"];
  readonly reply: FastifyReply;
  readonly caller: Caller;
}

/** Throws LegacyRefusal 400, or HttpRefusal 503 where no session can be opened. */
export async function initialize({ servers, sessions }: EndpointParts, call: InitializeCall): Promise<void> {
  const { message, headers, reply, caller } = call;
  if (sessions !== undefined && (await namesOpenSession(sessions, headers["mcp-session-id"], caller))) {
    throw new LegacyRefusal(
      400,
      RPC.invalidRequest,
      "initialize starts a session, and Mcp-Session-Id names one. Send it without.",
    );
  }
  requireWellFormed(message);
  const answer = await ask(await servers.openUnshared(caller), message, caller);
  const { result } = JSON.parse(answer) as { result?: { protocolVersion: string } };
  if (sessions !== undefined && result !== undefined) {
    const session = await sessions.open({
      owner: ownerTagOf(caller),
      binding: bindingOf(caller),
      revision: result.protocolVersion,
      initialize: declarationOf(message),
    });
    reply.header("mcp-session-id", session.id);
  }
  reply.type("application/json; charset=utf-8").send(answer);
}

function requireWellFormed(message: JSONRPCRequest): void {
  const parsed = InitializeRequestSchema.safeParse(message);
  if (parsed.success) return;
  const fields = [...new Set(parsed.error.issues.map(({ path }) => path.join(".")))].join(", ");
  throw new LegacyRefusal(400, RPC.invalidParams, `initialize: ${fields || "params"} must be as MCP defines it.`);
}

/** What a session keeps of its client's parameters. Throws LegacyRefusal 400 where that is too long. */
function declarationOf({ params }: JSONRPCRequest): Readonly<Record<string, unknown>> {
  const { protocolVersion, capabilities, clientInfo } = params as Record<string, unknown>;
  const declared = { protocolVersion, capabilities, clientInfo };
  if (JSON.stringify(declared).length <= MAX_DECLARATION) return declared;
  const message = `initialize: the parameters may have ${MAX_DECLARATION} characters.`;
  throw new LegacyRefusal(400, RPC.invalidParams, message);
}

/** Whether `id` names a session that still lives; a client that starts anew may send the id of one that has ended. */
async function namesOpenSession(sessions: Sessions, id: unknown, caller: Caller): Promise<boolean> {
  if (typeof id !== "string" || !SESSION_ID.test(id)) return false;
  return typeof (await sessions.find(id, bindingOf(caller))) === "object";
}

/** The server's answer to the request, as JSON text. */
function ask(server: SharedServer, request: JSONRPCRequest, caller: Caller): Promise<string> {
  return new Promise((resolve) => {
    server.ask(1, { request, caller, emit: () => undefined, finish: (answer) => resolve(answer as string) });
  });
}
