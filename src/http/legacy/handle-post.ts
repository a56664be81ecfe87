/** POST: one message from the client: a request, a notification, or the answer to a question of the server's. */
import {
  SetLevelRequestSchema,
  type JSONRPCNotification,
  type JSONRPCRequest,
  type JSONRPCResponse,
} from "@modelcontextprotocol/sdk/types.js";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { Caller } from "../../mcp/registry.ts";
import { readMessage, type Received } from "../../mcp/message.ts";
import { RPC } from "../../mcp/rpc-error.ts";
import { isPlainList, plainListAnswer } from "../routes/fast-list.ts";
import { rpcError } from "../routes/json-rpc.ts";
import { RedisAway } from "../redis/link.ts";
import { checkAccept, requestRevision, acceptsPriming } from "./check-headers.ts";
import { RequestStream } from "./request-stream.ts";
import { initialize } from "./initialize.ts";
import { LegacyRefusal, storeUnavailable } from "./legacy-refusal.ts";
import { scopeWithoutSession, requireSession, type EndpointParts } from "./parts.ts";
import type { Session } from "./sessions/session.ts";

/** Only calls are resumable: they may take long or change something. Other requests are cheap to repeat. */
const RESUMABLE_METHOD = "tools/call";
/** `<instance>.<number of the request stream>.<the SDK's id>`, as the endpoint's `outgoingId` writes it. */
const QUESTION_ID = /^([\w-]{8})\.(\d{1,15})\.(\d{1,15})$/;

export async function handlePost(
  parts: EndpointParts,
  request: FastifyRequest,
  reply: FastifyReply,
  caller: Caller,
): Promise<void> {
  checkAccept(request, ["application/json", "text/event-stream"]);
  const incoming = parseMessage(request.body);
  if (incoming.kind === "request" && incoming.message.method === "initialize")
    return initialize(parts, { message: incoming.message, headers: request.headers, reply, caller });

  const session = parts.sessions && (await requireSession(parts.sessions, request, caller));
  const revision = requestRevision(request, session?.record.revision);
  if (isPlainList(request.body)) {
    if (session !== undefined) reply.header("mcp-session-id", session.id);
    reply.type("application/json; charset=utf-8").send(plainListAnswer(request.body, caller, parts.registry));
    return;
  }
  const scope = session?.id ?? scopeWithoutSession(caller);
  if (incoming.kind === "request")
    return runRequest(parts, {
      request: incoming.message,
      caller,
      scope,
      reply,
      session,
      primed: acceptsPriming(revision),
    });
  if (incoming.kind === "answer") await forwardAnswer(parts, incoming.message as JSONRPCResponse, scope);
  else if (session !== undefined) await handleNotification(parts, incoming.message, scope);
  reply.code(202).send();
}

/** Throws LegacyRefusal 400. */
function parseMessage(body: unknown): Exclude<Received, { kind: "fault" }> {
  const received = readMessage(body);
  if (received.kind === "fault") throw new LegacyRefusal(400, received.code, received.text);
  return received;
}

interface RequestContext {
  readonly request: JSONRPCRequest;
  readonly caller: Caller;
  readonly scope: string;
  readonly reply: FastifyReply;
  readonly session: Session | undefined;
  readonly primed: boolean;
}

async function runRequest(
  parts: EndpointParts,
  { request, caller, scope, reply, session, primed }: RequestContext,
): Promise<void> {
  if (request.method === "logging/setLevel") return setLevel(parts, request, reply, session);
  const requestStream = new RequestStream({
    request,
    caller,
    scope,
    reply,
    streams: parts.streams,
    sessionId: session?.id,
  });
  if (session !== undefined) session.busy += 1;
  try {
    const server = await parts.servers.serverFor(caller, request.method, session?.record ?? {});
    if (request.method === RESUMABLE_METHOD) await parts.resumption?.keep(requestStream, primed);
    await parts.requestStreams.run(server, requestStream);
  } finally {
    if (session !== undefined) session.busy -= 1;
  }
}

/** Saves the level in the session's record, for every instance; where there are no sessions it has no effect. */
async function setLevel(
  { sessions }: EndpointParts,
  request: JSONRPCRequest,
  reply: FastifyReply,
  session: Session | undefined,
): Promise<void> {
  const parsed = SetLevelRequestSchema.safeParse(request);
  if (session !== undefined) reply.header("mcp-session-id", session.id);
  if (!parsed.success) {
    reply.send(
      rpcError(
        RPC.invalidParams,
        "level: must be debug, info, notice, warning, error, critical, alert or emergency.",
        request.id,
      ),
    );
    return;
  }
  if (session !== undefined) await sessions?.change(session, { ...session.record, level: parsed.data.params.level });
  reply.send({ jsonrpc: "2.0", id: request.id, result: {} });
}

/** Takes an answer to the instance that asked the question. One with an id that is not this server's is ignored. */
async function forwardAnswer(
  { requestStreams, instanceBus, self }: EndpointParts,
  response: JSONRPCResponse,
  scope: string,
): Promise<void> {
  const [, instance, number, id] = QUESTION_ID.exec(String(response.id)) ?? [];
  if (instance === undefined) return;
  if (instance === self) return requestStreams.answer(Number(number), Number(id), scope, response);
  await instanceBus
    .send(instance, { kind: "answer", number: Number(number), id: Number(id), scope, response })
    .catch(rethrowUnreachable);
}

/**
 * Acts on a cancellation and ignores other notifications.
 * Only for clients with a session: without one, request ids of two clients cannot be told apart.
 */
async function handleNotification(
  { requestStreams, instanceBus }: EndpointParts,
  { method, params }: JSONRPCNotification,
  scope: string,
): Promise<void> {
  if (method !== "notifications/cancelled") return;
  const { requestId: id, reason: rawReason } = (params ?? {}) as { requestId?: unknown; reason?: unknown };
  if (typeof id !== "string" && typeof id !== "number") return;
  const reason = typeof rawReason === "string" ? rawReason : undefined;
  if (requestStreams.cancel(scope, id, reason)) return;
  await instanceBus
    .broadcast({ kind: "cancel", scope, id, ...(reason !== undefined && { reason }) })
    .catch(rethrowUnreachable);
}

function rethrowUnreachable(error: unknown): never {
  throw error instanceof RedisAway ? storeUnavailable("The way to the instance that runs the request") : error;
}
