/**
 * Calls that outlast their connection. The event store keeps their streams, and any instance can resume one for a
 * client that reconnects with Last-Event-ID.
 * Where the instance that ran the call has died, the instance that serves the client ends the stream.
 */
import type { FastifyReply } from "fastify";
import { RPC } from "../../mcp/rpc-error.ts";
import { LAST_SEQ, newStreamName, type StreamKey } from "../events/event-id.ts";
import type { CallHead, EventStore } from "../events/event-store.ts";
import { follow } from "../events/follow.ts";
import { StreamWriter } from "../events/stream-writer.ts";
import type { WriteBuffer } from "../events/write-buffer.ts";
import type { Log } from "../../log/log.ts";
import type { Instances } from "../redis/instances.ts";
import { RedisAway } from "../redis/link.ts";
import type { LegacyTiming } from "./endpoint-options.ts";
import type { RequestStream } from "./request-stream.ts";
import type { RequestStreams } from "./request-streams.ts";
import { LegacyRefusal, storeUnavailable } from "./legacy-refusal.ts";
import { answerUnkept } from "./answer-unkept.ts";
import { ownerTagOf } from "../limits/owner-tag.ts";
import { outcomeUnknown } from "./outcome-unknown.ts";
import { SseStream, type OpenStreams } from "./sse-stream.ts";

export interface ResumptionParts {
  readonly store: EventStore;
  readonly buffer: WriteBuffer;
  readonly log: Log;
  readonly instances: Instances;
  readonly requestStreams: RequestStreams;
  readonly streams: OpenStreams;
  readonly timing: LegacyTiming;
  readonly checkWith: (tool: string) => string | undefined;
  /** Characters of the longest answer that the store keeps. */
  readonly maxKept: number;
  /** Tells the instance that runs a call that another one serves its stream to the client. Throws RedisAway. */
  readonly tellOwner: (key: StreamKey, head: CallHead) => Promise<void>;
}

/** The connection of a client that resumes. */
export interface ReturnTo {
  readonly reply: FastifyReply;
  readonly sessionId: string | undefined;
}

export class Resumption {
  readonly #parts: ResumptionParts;

  constructor(parts: ResumptionParts) {
    this.#parts = parts;
  }

  /** Makes a call resumable before it starts; while the store is away the call runs without being resumable. */
  async keep(requestStream: RequestStream, primed: boolean): Promise<void> {
    const { store, instances, timing, checkWith } = this.#parts;
    const { request, scope } = requestStream;
    const key = { scope, stream: newStreamName(), owner: ownerTagOf(requestStream.caller) };
    const head = { owner: instances.self, id: request.id, tool: String(request.params?.["name"]) };
    try {
      await store.open(key, head);
    } catch (error) {
      if (error instanceof RedisAway) return;
      throw error;
    }
    requestStream.keep(new StreamWriter(this.#parts, key, head), {
      primeMs: primed ? timing.retryMs : undefined,
      maxKept: this.#parts.maxKept,
      unkept: (length) => answerUnkept(head, length, checkWith(head.tool)),
    });
  }

  /**
   * Replays the events after `seq` and follows the stream to its end.
   * Throws LegacyRefusal: 400 where the stream is not kept, 503 while Redis is away.
   */
  async resume(key: StreamKey, seq: number, { reply, sessionId }: ReturnTo): Promise<void> {
    const { store, streams, timing } = this.#parts;
    const stored = await store.read(key, seq).catch((error: unknown) => {
      throw error instanceof RedisAway ? storeUnavailable("This stream") : error;
    });
    if (stored?.head === undefined)
      throw new LegacyRefusal(400, RPC.invalidRequest, "Nothing is kept under this Last-Event-ID, or not any more.");
    const { head } = stored;
    if (stored.ended && stored.events.length === 0) {
      // In server-sent events 204 tells a client not to reconnect.
      reply.code(204).send();
      return;
    }
    const stream = new SseStream(reply, streams, sessionId);
    void this.#ensureEnd(key, head);
    await follow({
      store,
      key,
      after: seq,
      stream,
      pollMs: Math.min(1_000, timing.heartbeatMs),
      onQuiet: (latest) => this.#ensureEnd(key, latest ?? head),
    });
  }

  /** Closes the connection here of a stream that another instance now serves, and ends the stream if nobody runs it. */
  async handOver(key: StreamKey, head: CallHead): Promise<void> {
    this.#parts.requestStreams.ofStream(key.stream)?.closeConnection();
    await this.#ensureEnd(key, head);
  }

  /**
   * Makes sure that an instance runs the call and will end its stream, or else ends the stream.
   * Several instances may try at once: the store accepts one end only.
   */
  async #ensureEnd(key: StreamKey, head: CallHead): Promise<void> {
    const { store, instances, requestStreams, checkWith, tellOwner } = this.#parts;
    try {
      const ownedHere = head.owner === instances.self;
      if (ownedHere && this.#runsHere(key)) {
        requestStreams.ofStream(key.stream)?.closeConnection();
        return;
      }
      if (!ownedHere && !(await instances.isDead(head.owner))) {
        await tellOwner(key, head);
        return;
      }
      // No instance runs the call any more.
      await store.append(key, head, [{ seq: LAST_SEQ, data: outcomeUnknown(head, checkWith(head.tool)) }], true);
    } catch (error) {
      if (!(error instanceof RedisAway))
        this.#parts.log.write("error", "a dead instance's call could not be ended", { error: String(error) });
    }
  }

  #runsHere({ stream }: StreamKey): boolean {
    const { buffer, requestStreams } = this.#parts;
    return buffer.hasUnwritten(stream) || requestStreams.ofStream(stream)?.writer?.lost === false;
  }
}
