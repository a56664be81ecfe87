/**
 * The legacy era's endpoint: POST, GET and DELETE, put together from sessions, streams and stores.
 * It checks no Host, Origin or token: the code that calls `handle` must have authenticated the caller.
 */
import type { JSONRPCRequest } from "@modelcontextprotocol/sdk/types.js";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { Caller } from "../../mcp/registry.ts";
import type { PartState } from "../status/readiness.ts";
import type { EventStore } from "../events/event-store.ts";
import { largestKept } from "../events/kept-limits.ts";
import { createMemoryStore } from "../events/memory-store.ts";
import { createRedisStore } from "../events/redis-store.ts";
import { WriteBuffer } from "../events/write-buffer.ts";
import type { LegacyEndpoint } from "../routes/legacy-endpoint.ts";
import { singleInstance, createInstances, type Instances } from "../redis/instances.ts";
import { createInstanceBus, NO_INSTANCE_BUS, type InstanceBus } from "../redis/instance-bus.ts";
import { createTrust, type Trust } from "../redis/trust.ts";
import { DeclaredServers } from "./servers/declared-servers.ts";
import type { LegacyEndpointOptions, LegacyTiming } from "./endpoint-options.ts";
import type { RequestStream } from "./request-stream.ts";
import { RequestStreams } from "./request-streams.ts";
import { handleDelete } from "./handle-delete.ts";
import { handleGet } from "./handle-get.ts";
import { handlePost } from "./handle-post.ts";
import { parseLegacyMessage, type LegacyMessage } from "./legacy-message.ts";
import { warnOfPeers } from "../redis/warn-of-peers.ts";
import { createMemorySessions } from "./sessions/memory-sessions.ts";
import { outcomeUnknown } from "./outcome-unknown.ts";
import type { EndpointParts } from "./parts.ts";
import { createSessionTimes, type SessionTimes } from "../observability/session-times.ts";
import type { Sessions } from "./sessions/session.ts";
import { RedisSessions } from "./sessions/redis-sessions.ts";
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
/** Characters of events in memory that Redis does not have yet, or may still lose. */
const MAX_BUFFERED = 32 * 1024 * 1024;
/** How long close waits for events to reach the store. */
const FLUSH_MS = 2_000;

export function createLegacyEndpoint(
  options: LegacyEndpointOptions,
): LegacyEndpoint & Pick<StandaloneStreams, "notify"> {
  return new Endpoint(options);
}

class Endpoint implements LegacyEndpoint {
  readonly #options: LegacyEndpointOptions;
  readonly #timing: LegacyTiming;
  readonly #trust: Trust;
  readonly #instances: Instances;
  readonly #requestStreams = new RequestStreams();
  readonly #streams: OpenStreams;
  readonly #store: EventStore | undefined;
  readonly #buffer: WriteBuffer | undefined;
  readonly #instanceBus: InstanceBus<LegacyMessage>;
  readonly #standalone: StandaloneStreams;
  readonly #sessionTimes: SessionTimes;
  readonly #parts: EndpointParts;
  readonly #tick: NodeJS.Timeout;

  constructor(options: LegacyEndpointOptions) {
    const { registry, http, redis, log } = options;
    this.#options = options;
    this.#timing = { ...TIMING, ...options.timing };
    this.#trust = options.trust ?? createTrustFrom(options);
    this.#instances = redis === undefined ? singleInstance() : createInstances(redis, this.#timing, this.#trust);
    const { self } = this.#instances;
    this.#streams = new OpenStreams(this.#timing.keepAliveMs, this.#timing.retryMs);
    this.#store = createStore(options, self, this.#trust);
    this.#buffer = this.#store && createBuffer(this.#store, http.eventStore.maxBytes, this.#timing);
    this.#instanceBus = this.#openBus();
    this.#standalone = this.#openStandalone();
    this.#sessionTimes = createSessionTimes(registry.observer);
    this.#parts = {
      registry,
      servers: new DeclaredServers({ registry, log, outgoingId: (number, id) => `${self}.${number}.${id}` }),
      requestStreams: this.#requestStreams,
      streams: this.#streams,
      standalone: this.#standalone,
      resumption: this.#openResumption(),
      sessions: this.#openSessions(),
      instanceBus: this.#instanceBus,
      self,
      endEverywhere: (id) => this.#endEverywhere(id),
    };
    redis?.onAvailable(() => void this.#buffer?.rewrite());
    this.#tick = setInterval(() => this.#maintain(), this.#timing.keepAliveMs).unref();
  }

  async handle(request: FastifyRequest, reply: FastifyReply, caller: Caller): Promise<FastifyReply> {
    if (request.method === "POST") await handlePost(this.#parts, request, reply, caller);
    else if (request.method === "GET") await handleGet(this.#parts, request, reply, caller);
    else await handleDelete(this.#parts, request, reply, caller);
    return reply;
  }

  notify(...args: Parameters<StandaloneStreams["notify"]>): ReturnType<StandaloneStreams["notify"]> {
    return this.#standalone.notify(...args);
  }

  health(): PartState | Promise<PartState> {
    return this.#options.redis?.state() ?? "off";
  }

  stats(): Readonly<Record<string, number>> {
    return {
      sessions: this.#parts.sessions?.count() ?? 0,
      requests: this.#requestStreams.size,
      streams: this.#streams.size,
      standalone_streams: this.#standalone.size,
      ...this.#store?.stats(),
      ...this.#buffer?.stats(),
    };
  }

  dropped(): Readonly<Record<string, number>> {
    return this.#trust.dropped();
  }

  async close(): Promise<void> {
    clearInterval(this.#tick);
    this.#requestStreams.abortAll((stream) => this.#outcomeUnknownOf(stream));
    this.#streams.close();
    this.#parts.sessions?.close();
    await flushInTime(this.#buffer);
    await this.#instances.close();
    this.#instanceBus.close();
  }

  #openBus(): InstanceBus<LegacyMessage> {
    const { redis: link, log } = this.#options;
    if (link === undefined) return NO_INSTANCE_BUS;
    return createInstanceBus({
      link,
      self: this.#instances.self,
      trust: this.#trust,
      parse: parseLegacyMessage,
      receive: (message) => this.#receive(message),
      onGreeting: warnOfPeers(this.#trust, log),
    });
  }

  #openStandalone(): StandaloneStreams {
    return new StandaloneStreams({
      store: this.#store,
      streams: this.#streams,
      log: this.#options.log,
      timing: this.#timing,
      forwardToOthers: (sessionId, data) => this.#instanceBus.broadcast({ kind: "notify", sessionId, data }),
    });
  }

  #openResumption(): Resumption | undefined {
    if (this.#store === undefined || this.#buffer === undefined) return undefined;
    return new Resumption({
      store: this.#store,
      buffer: this.#buffer,
      log: this.#options.log,
      instances: this.#instances,
      requestStreams: this.#requestStreams,
      streams: this.#streams,
      timing: this.#timing,
      checkWith: this.#options.checkWith ?? (() => undefined),
      maxKept: largestKept(this.#options.http.eventStore.maxBytes),
      tellOwner: (key, head) => this.#instanceBus.send(head.owner, { kind: "resumed", key, head }),
    });
  }

  #openSessions(): Sessions | undefined {
    const { http, redis: link } = this.#options;
    if (http.sessionMode === "stateless") return undefined;
    const limits = { timeoutMs: http.sessionTimeoutMs, max: http.maxSessions };
    if (link === undefined) return this.#sessionTimes.watch(createMemorySessions(limits, (id) => this.#end(id)));
    const { encryptionKey } = http.eventStore;
    const onEnd = (id: string) => this.#endEverywhere(id);
    return this.#sessionTimes.watch(new RedisSessions({ link, encryptionKey, trust: this.#trust, limits, onEnd }));
  }

  /** The periodic work: greets peers, drops buffered events, and ends calls whose clients do not come back. */
  #maintain(): void {
    void this.#instanceBus.greet().catch(() => undefined);
    this.#buffer?.sweep();
    const quietSince = Date.now() - this.#timing.keepAliveMs;
    for (const requestStream of this.#requestStreams) {
      // The keep-alive comments of a stream stop proxies from timing a quiet call out.
      if (requestStream.started < quietSince) requestStream.openStream();
    }
    this.#requestStreams.abandon(this.#timing.goneMs, (stream) => this.#outcomeUnknownOf(stream));
  }

  /** The answer to a request that the server stops before its result is known. */
  #outcomeUnknownOf({ request }: RequestStream): string {
    const tool = toolOf(request);
    return outcomeUnknown({ id: request.id, tool }, this.#options.checkWith?.(tool));
  }

  /** Ends what a session has open on this instance. */
  #end(id: string): void {
    this.#sessionTimes.ended(id);
    this.#standalone.close(id);
    this.#requestStreams.cancelScope(id, "The session has ended.");
  }

  /** Ends what a session has open on all instances. */
  #endEverywhere(id: string): void {
    this.#end(id);
    this.#instanceBus.broadcast({ kind: "ended", sessionId: id }).catch(() => undefined);
  }

  /** Handles a message of another instance. */
  #receive(message: LegacyMessage): void {
    switch (message.kind) {
      case "answer":
        this.#requestStreams.answer(message.number, message.id, message.scope, message.response);
        return;
      case "cancel":
        this.#requestStreams.cancel(message.scope, message.id, message.reason);
        return;
      case "notify":
        void this.#standalone.deliver(message.sessionId, message.data);
        return;
      case "resumed":
        void this.#parts.resumption?.handOver(message.key, message.head);
        return;
      case "ended":
        this.#parts.sessions?.forget(message.sessionId);
        this.#end(message.sessionId);
    }
  }
}

function createTrustFrom({ http, secret = null, log }: LegacyEndpointOptions): Trust {
  return createTrust({ encryptionKey: http.eventStore.encryptionKey, secret, log });
}

/** The configured event store; undefined where events are not kept. */
function createStore({ http, redis }: LegacyEndpointOptions, instance: string, trust: Trust): EventStore | undefined {
  const { eventStore } = http;
  if (eventStore.kind === "off") return undefined;
  if (eventStore.kind === "memory") return createMemoryStore(eventStore);
  if (redis === undefined) throw new Error("The event store is Redis, and no Redis is given.");
  return createRedisStore(redis, instance, eventStore, trust);
}

function createBuffer({ kind }: EventStore, maxBytes: number, { heldMs }: LegacyTiming): WriteBuffer {
  return new WriteBuffer({ maxSize: Math.min(maxBytes, MAX_BUFFERED), keepMs: kind === "redis" ? heldMs : 0 });
}

/** Waits until buffered events have reached the store, for FLUSH_MS at most: the remaining ones are lost. */
async function flushInTime(buffer: WriteBuffer | undefined): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise((resolve) => {
    timer = setTimeout(resolve, FLUSH_MS);
  });
  await Promise.race([buffer?.flush(), timeout]);
  clearTimeout(timer);
}

/** The tool that a request calls; of another request its method. */
function toolOf({ method, params }: JSONRPCRequest): string {
  const name = params?.["name"];
  return method === "tools/call" && typeof name === "string" ? name : method;
}
