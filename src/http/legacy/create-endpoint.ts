/**
 * The legacy era's endpoint: POST, GET and DELETE of its revisions, put together from sessions, streams and stores.
 * No Host, Origin or token is checked here: whoever calls `handle` has authenticated the caller.
 */
import type { JSONRPCRequest } from "@modelcontextprotocol/sdk/types.js";
import type { EventStore } from "../events/event-store.ts";
import { largestKept } from "../events/kept-limits.ts";
import { createMemoryStore } from "../events/memory-store.ts";
import { createRedisStore } from "../events/redis-store.ts";
import { WriteBuffer } from "../events/write-buffer.ts";
import type { LegacyEndpoint } from "../routes/legacy-endpoint.ts";
import { singleInstance, createInstances } from "../redis/instances.ts";
import { createInstanceBus, NO_INSTANCE_BUS, type InstanceBus } from "../redis/instance-bus.ts";
import { createTrust, type Trust } from "../redis/trust.ts";
import { DeclaredServers } from "./declared-servers.ts";
import type { LegacyEndpointOptions, LegacyTiming } from "./endpoint-options.ts";
import type { RequestStream } from "./request-stream.ts";
import { RequestStreams } from "./request-streams.ts";
import { handleDelete } from "./handle-delete.ts";
import { handleGet } from "./handle-get.ts";
import { handlePost } from "./handle-post.ts";
import { parseLegacyMessage, type LegacyMessage } from "./legacy-message.ts";
import { watchPeers } from "../redis/watch-peers.ts";
import { createMemorySessions } from "./memory-sessions.ts";
import { outcomeUnknown } from "./outcome-unknown.ts";
import type { EndpointParts } from "./parts.ts";
import { createSessionTimes } from "../observability/session-times.ts";
import type { Sessions } from "./session.ts";
import { RedisSessions } from "./redis-sessions.ts";
import { Resumption } from "./resumption.ts";
import { OpenStreams } from "./sse-stream.ts";
import { StandaloneStreams } from "./standalone-streams.ts";

const TIMING: LegacyTiming = {
  keepAliveMs: 15_000,
  retryMs: 1_000,
  goneMs: 120_000,
  heldMs: 15_000,
  heartbeatMs: 2_000,
  leaseMs: 8_000,
};
/** Characters of events that wait for Redis, or that it might lose. */
const MAX_BUFFERED = 32 * 1024 * 1024;
/** How long close waits for events to reach the store. */
const FLUSH_MS = 2_000;

export function createLegacyEndpoint(
  options: LegacyEndpointOptions,
): LegacyEndpoint & Pick<StandaloneStreams, "notify"> {
  const { registry, http, redis, log, checkWith = () => undefined } = options;
  const timing = { ...TIMING, ...options.timing };
  const trust =
    options.trust ?? createTrust({ encryptionKey: http.eventStore.encryptionKey, secret: options.secret ?? null, log });
  const instances = redis === undefined ? singleInstance() : createInstances(redis, timing, trust);
  const { self } = instances;
  const requestStreams = new RequestStreams();
  const streams = new OpenStreams(timing.keepAliveMs, timing.retryMs);
  const store = storeOf(options, self, trust);
  const buffer =
    store &&
    new WriteBuffer({
      maxSize: Math.min(http.eventStore.maxBytes, MAX_BUFFERED),
      keepMs: store.kind === "redis" ? timing.heldMs : 0,
    });
  const instanceBus: InstanceBus<LegacyMessage> =
    redis === undefined
      ? NO_INSTANCE_BUS
      : createInstanceBus({ link: redis, self, trust, parse: parseLegacyMessage, receive });
  const standalone = new StandaloneStreams({
    store,
    streams,
    log,
    timing,
    forwardToOthers: (sessionId, data) => instanceBus.broadcast({ kind: "notify", sessionId, data }),
  });
  const resumption =
    store &&
    buffer &&
    new Resumption({
      store,
      buffer,
      log,
      instances,
      requestStreams,
      streams,
      timing,
      checkWith,
      maxKept: largestKept(http.eventStore.maxBytes),
      tellOwner: (key, head) => instanceBus.send(head.owner, { kind: "resumed", key, head }),
    });
  const sessionTimes = createSessionTimes(registry.observer);
  const sessions = openSessions();
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
  redis?.onAvailable(() => void buffer?.rewrite());
  const peers = watchPeers({ trust, log, hello: () => instanceBus.broadcast({ kind: "hello" }) });
  redis?.onAvailable(peers.greet);

  /** Quiet calls become streams, whose comments keep proxies from timing them out. */
  const tick = setInterval(() => {
    if (redis !== undefined) peers.greet();
    buffer?.sweep();
    const before = Date.now() - timing.keepAliveMs;
    for (const requestStream of requestStreams) if (requestStream.started < before) requestStream.openStream();
    requestStreams.abandon(timing.goneMs, answerOfStopped);
  }, timing.keepAliveMs);
  tick.unref();

  /** The answer to a request that was stopped before its end. */
  function answerOfStopped({ request }: RequestStream): string {
    const tool = toolOf(request);
    return outcomeUnknown({ id: request.id, tool }, checkWith(tool));
  }

  function openSessions(): Sessions | undefined {
    if (http.sessionMode === "stateless") return undefined;
    const limits = { timeoutMs: http.sessionTimeoutMs, max: http.maxSessions };
    if (redis === undefined) return sessionTimes.watch(createMemorySessions(limits, endSession));
    const { encryptionKey } = http.eventStore;
    return sessionTimes.watch(new RedisSessions({ link: redis, encryptionKey, trust, limits, onEnd: endEverywhere }));
  }

  function endSession(id: string): void {
    sessionTimes.ended(id);
    standalone.close(id);
    requestStreams.cancelScope(id, "The session has ended.");
  }

  function endEverywhere(id: string): void {
    endSession(id);
    instanceBus.broadcast({ kind: "ended", sessionId: id }).catch(() => undefined);
  }

  function receive(message: LegacyMessage): void {
    switch (message.kind) {
      case "answer":
        requestStreams.answer(message.number, message.id, message.scope, message.response);
        return;
      case "cancel":
        requestStreams.cancel(message.scope, message.id, message.reason);
        return;
      case "notify":
        void standalone.deliver(message.sessionId, message.data);
        return;
      case "hello":
        peers.met();
        return;
      case "resumed":
        void resumption?.takenOver(message.key, message.head);
        return;
      case "ended":
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
      ...buffer?.stats(),
    }),
    dropped: () => trust.dropped(),
    async close() {
      clearInterval(tick);
      requestStreams.abortAll(answerOfStopped);
      streams.close();
      sessions?.close();
      await flushInTime(buffer);
      await instances.close();
      instanceBus.close();
    },
  };
}

function storeOf({ http, redis }: LegacyEndpointOptions, instance: string, trust: Trust): EventStore | undefined {
  const { eventStore } = http;
  if (eventStore.kind === "off") return undefined;
  if (eventStore.kind === "memory") return createMemoryStore(eventStore);
  if (redis === undefined) throw new Error("The event store is Redis, and no Redis is given.");
  return createRedisStore(redis, instance, eventStore, trust);
}

/** Events that do not reach the store in time are lost. */
async function flushInTime(buffer: WriteBuffer | undefined): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise((resolve) => {
    timer = setTimeout(resolve, FLUSH_MS);
  });
  await Promise.race([buffer?.flush(), timeout]);
  clearTimeout(timer);
}

function toolOf({ method, params }: JSONRPCRequest): string {
  const name = params?.["name"];
  return method === "tools/call" && typeof name === "string" ? name : method;
}
