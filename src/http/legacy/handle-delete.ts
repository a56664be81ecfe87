/** DELETE: the client ends its session. */
import type { FastifyReply, FastifyRequest } from "fastify";
import { RPC } from "../../mcp/rpc-error.ts";
import type { Caller } from "../../mcp/registry.ts";
import { RedisAway } from "../redis/link.ts";
import { requestRevision } from "./check-headers.ts";
import { LegacyRefusal, storeUnavailable } from "./legacy-refusal.ts";
import { requireSession, type EndpointParts } from "./parts.ts";

export async function handleDelete(
  { sessions, endEverywhere }: EndpointParts,
  request: FastifyRequest,
  reply: FastifyReply,
  caller: Caller,
): Promise<void> {
  if (sessions === undefined)
    throw new LegacyRefusal(405, RPC.server, "This server has no sessions to end.", { allow: "GET, POST" });
  const session = await requireSession(sessions, request, caller);
  requestRevision(request, session.record.revision);
  await sessions.end(session).catch((error: unknown) => {
    throw error instanceof RedisAway ? storeUnavailable("The session") : error;
  });
  endEverywhere(session.id);
  reply.code(200).send();
}
