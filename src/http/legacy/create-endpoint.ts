/**
 * The legacy era's endpoint: POST, GET and DELETE of its revisions, put together from sessions, streams and stores.
 * No Host, Origin or token is checked here: whoever calls `handle` has authenticated the caller.
 */
import type { EventStore } from "../events/event-store.ts";
import { createMemoryStore } from "../events/memory-store.ts";
import { createRedisStore } from "../events/redis-store.ts";
import { WriterRoom } from "../events/writer-room.ts";
import type { LegacyEndpoint } from "../legacy-endpoint.ts";
import { aloneInstance, createInstances } from "../redis/instances.ts";
import { createInstanceBus, NO_INSTANCE_BUS, type InstanceBus } from "../redis/instance-bus.ts";
import { DeclaredServers } from "./declared-servers.ts";
import type { LegacyEndpointOptions, LegacyTiming } from "./endpoint-options.ts";
import { RequestStreams } from "./request-streams.ts";
import { handleDelete } from "./handle-delete.ts";
import { handleGet } from "./handle-get.ts";
import { handlePost } from "./handle-post.ts";
import type { LegacyMessage } from "./legacy-message.ts";
import { createMemorySessions } from "./memory-sessions.ts";
import { outcomeUnknown } from "./outcome-unknown.ts";
import type { EndpointParts } from "./parts.ts";
import { createRedisSessions } from "./redis-sessions.ts";
import { Resumption } from "./resumption.ts";
import { OpenStreams } from "./sse-stream.ts";
import { StandaloneStreams } from "./standalone-streams.ts";

const TIMING: LegacyTiming = {
  keepAliveMs: 15_000,
  retryMs: 1_000,
  heldMs: 15_000,
  heartbeatMs: 2_000,
  leaseMs: 8_000,
};
/** Characters of events that wait for Redis, or that it might lose. */
const MAX_HELD = 32 * 1024 * 1024;
/** How long close waits for events to reach the store. */
const FLUSH_MS = 2_000;

export function createLegacyEndpoint(
  options: LegacyEndpointOptions,
): LegacyEndpoint & Pick<StandaloneStreams, "notify"> {
  const { registry, http, redis, log, checkWith = () => undefined } = options;
  const timing = { ...TIMING, ...options.timing };
  const instances = redis === undefined ? aloneInstance() : createInstances(redis, timing);
  const { self } = instances;
  const requestStreams = new RequestStreams();
  const streams = new OpenStreams(timing.keepAliveMs, timing.retryMs);
  const store = storeOf(options, self);
  const room =
    store &&
    new WriterRoom({
      maxSize: Math.min(http.eventStore.maxBytes, MAX_HELD),
      keepMs: store.kind === "redis" ? timing.heldMs : 0,
    });
  const instanceBus: InstanceBus<LegacyMessage> =
    redis === undefined ? NO_INSTANCE_BUS : createInstanceBus(redis, self, receive);
  const standalone = new StandaloneStreams({
    store,
    streams,
    log,
    timing,
    tellOthers: (sessionId, data) => instanceBus.broadcast({ kind: "notify", sessionId, data }),
  });
  const resumption =
    store &&
    room &&
    new Resumption({
      store,
      room,
      log,
      instances,
      requestStreams,
      streams,
      timing,
      checkWith,
      tellOwner: (key, head) => instanceBus.send(head.owner, { kind: "resumed", key, head }),
    });
  const limits = { timeoutMs: http.sessionTimeoutMs, max: http.maxSessions };
  const sessions =
    http.sessionMode === "stateless"
      ? undefined
      : redis === undefined
        ? createMemorySessions(limits, endSession)
        : createRedisSessions({
            link: redis,
            encryptionKey: http.eventStore.encryptionKey,
            limits,
            onEnd: endEverywhere,
          });
  const servers = new DeclaredServers({ registry, log, outgoingId: (number, id) => `${self}.${number}.${id}` });
  const parts: EndpointParts = {
    registry,
    servers,
    requestStreams,
    streams,
    standalone,
    resumption,
    sessions,
    instanceBus,
    self,
    endEverywhere,
  };
  redis?.onBack(() => void room?.rewrite());

  /** Calls that say nothing become streams, so that nobody between here and the client takes them for dead. */
  const tick = setInterval(() => {
    room?.sweep();
    const before = Date.now() - timing.keepAliveMs;
    for (const requestStream of requestStreams) if (requestStream.started < before) requestStream.openStream();
  }, timing.keepAliveMs);
  tick.unref();

  function endSession(id: string): void {
    standalone.close(id);
    requestStreams.cancelScope(id, "The session has ended.");
  }

  function endEverywhere(id: string): void {
    endSession(id);
    instanceBus.broadcast({ kind: "ended", sessionId: id }).catch(() => undefined);
  }

  function receive(message: LegacyMessage): void {
    if (message.kind === "answer") requestStreams.answer(message.number, message.id, message.scope, message.response);
    else if (message.kind === "cancel") requestStreams.cancel(message.scope, message.id, message.reason);
    else if (message.kind === "notify") void standalone.deliver(message.sessionId, message.data);
    else if (message.kind === "resumed") void resumption?.takenOver(message.key, message.head);
    else {
      sessions?.forget(message.sessionId);
      endSession(message.sessionId);
    }
  }

  return {
    async handle(request, reply, caller) {
      if (request.method === "POST") await handlePost(parts, request, reply, caller);
      else if (request.method === "GET") await handleGet(parts, request, reply, caller);
      else await handleDelete(parts, request, reply, caller);
      return reply;
    },
    notify: (sessionId, notification) => standalone.notify(sessionId, notification),
    health: () => redis?.state() ?? "off",
    stats: () => ({
      sessions: sessions?.count() ?? 0,
      requests: requestStreams.size,
      streams: streams.size,
      standalone_streams: standalone.size,
      ...store?.stats(),
      ...room?.stats(),
    }),
    async close() {
      clearInterval(tick);
      requestStreams.abortAll((requestStream) =>
        outcomeUnknown(
          { id: requestStream.request.id, tool: toolOf(requestStream.request) },
          checkWith(toolOf(requestStream.request)),
        ),
      );
      streams.close();
      sessions?.close();
      let late: NodeJS.Timeout | undefined;
      await Promise.race([room?.flush(), new Promise((resolve) => (late = setTimeout(resolve, FLUSH_MS)))]);
      clearTimeout(late);
      await instances.close();
      instanceBus.close();
    },
  };
}

function storeOf({ http, redis }: LegacyEndpointOptions, instance: string): EventStore | undefined {
  const { eventStore } = http;
  if (eventStore.kind === "off") return undefined;
  if (eventStore.kind === "memory") return createMemoryStore(eventStore);
  if (redis === undefined) throw new Error("The event store is Redis, and no Redis is given.");
  return createRedisStore(redis, instance, eventStore);
}

function toolOf({
  method,
  params,
}: {
  readonly method: string;
  readonly params?: Readonly<Record<string, unknown>> | undefined;
}): string {
  const name = params?.["name"];
  return method === "tools/call" && typeof name === "string" ? name : method;
}
