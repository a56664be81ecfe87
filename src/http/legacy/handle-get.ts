/** GET: opens the session's standalone stream, or with Last-Event-ID resumes the stream of that event. */
import type { FastifyReply, FastifyRequest } from "fastify";
import { RPC } from "../../mcp/rpc-error.ts";
import type { Caller } from "../../mcp/registry.ts";
import { parseEventId, STANDALONE } from "../events/event-id.ts";
import { checkAccept, requestRevision, acceptsPriming } from "./check-headers.ts";
import { LegacyRefusal } from "./legacy-refusal.ts";
import { scopeWithoutSession, requireSession, type EndpointParts } from "./parts.ts";

export async function handleGet(
  parts: EndpointParts,
  request: FastifyRequest,
  reply: FastifyReply,
  caller: Caller,
): Promise<void> {
  const { resumption, sessions, standalone } = parts;
  checkAccept(request, ["text/event-stream"]);
  const session = sessions && (await requireSession(sessions, request, caller));
  const revision = requestRevision(request, session?.record.revision);
  const lastEventId = request.headers["last-event-id"];
  if (lastEventId === undefined || lastEventId === "") {
    if (session === undefined)
      throw new LegacyRefusal(405, RPC.server, "This server has no sessions, so there is nothing to listen to.", {
        allow: "POST",
      });
    return standalone.open(session, reply, undefined, acceptsPriming(revision));
  }

  const place =
    typeof lastEventId === "string" ? parseEventId(lastEventId, session?.id ?? scopeWithoutSession(caller)) : undefined;
  if (place === undefined || resumption === undefined)
    throw new LegacyRefusal(400, RPC.invalidRequest, "Last-Event-ID is not the id of an event of yours.");
  if (place.key.stream === STANDALONE && session !== undefined)
    return standalone.open(session, reply, place.seq, false);
  if (session === undefined) return resumption.resume(place.key, place.seq, { reply, sessionId: undefined });
  session.busy += 1;
  try {
    await resumption.resume(place.key, place.seq, { reply, sessionId: session.id });
  } finally {
    session.busy -= 1;
  }
}
