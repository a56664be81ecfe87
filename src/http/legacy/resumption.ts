/**
 * Calls that outlast their connection: each is kept in the store, and any instance brings it to a client that comes back
 * with Last-Event-ID. A call whose instance has died is ended in its stead, by whoever has a client waiting for it.
 */
import type { FastifyReply } from "fastify";
import { RPC } from "../../mcp/rpc-error.ts";
import { LAST_SEQ, newStream, type StreamKey } from "../events/event-id.ts";
import type { CallHead, EventStore } from "../events/event-store.ts";
import { follow } from "../events/follow.ts";
import { StreamWriter } from "../events/stream-writer.ts";
import type { WriterRoom } from "../events/writer-room.ts";
import type { Log } from "../../log/log.ts";
import type { Instances } from "../redis/instances.ts";
import { RedisAway } from "../redis/link.ts";
import type { LegacyTiming } from "./endpoint-options.ts";
import type { RequestStream } from "./request-stream.ts";
import type { RequestStreams } from "./request-streams.ts";
import { LegacyRefusal, storeAway } from "./legacy-refusal.ts";
import { outcomeUnknown } from "./outcome-unknown.ts";
import { SseStream, type OpenStreams } from "./sse-stream.ts";

export interface ResumptionParts {
  readonly store: EventStore;
  readonly room: WriterRoom;
  readonly log: Log;
  readonly instances: Instances;
  readonly requestStreams: RequestStreams;
  readonly streams: OpenStreams;
  readonly timing: LegacyTiming;
  readonly checkWith: (tool: string) => string | undefined;
  /** Tells the instance that runs a call that somebody else brings its stream to the client. Throws RedisAway. */
  readonly tellOwner: (key: StreamKey, head: CallHead) => Promise<void>;
}

/** Where a client that came back is answered. */
export interface ReturnTo {
  readonly reply: FastifyReply;
  readonly sessionId: string | undefined;
}

export class Resumption {
  readonly #parts: ResumptionParts;

  constructor(parts: ResumptionParts) {
    this.#parts = parts;
  }

  /** Makes a call resumable before it starts; while the store is away the call goes on without. */
  async keep(requestStream: RequestStream, primed: boolean): Promise<void> {
    const { store, instances, timing } = this.#parts;
    const { request, scope } = requestStream;
    const key = { scope, stream: newStream() };
    const head = { owner: instances.self, id: request.id, tool: String(request.params?.["name"]) };
    try {
      await store.open(key, head);
    } catch (error) {
      if (error instanceof RedisAway) return;
      throw error;
    }
    requestStream.keep(new StreamWriter(this.#parts, key, head), primed ? timing.retryMs : undefined);
  }

  /** Replays what came after `seq` and stays until the call's end. Throws LegacyRefusal 400 and 503. */
  async resume(key: StreamKey, seq: number, { reply, sessionId }: ReturnTo): Promise<void> {
    const { store, streams, timing } = this.#parts;
    const kept = await store.read(key, seq).catch((error: unknown) => {
      throw error instanceof RedisAway ? storeAway("This stream") : error;
    });
    if (kept?.head === undefined)
      throw new LegacyRefusal(400, RPC.invalidRequest, "Nothing is kept under this Last-Event-ID, or not any more.");
    const { head } = kept;
    if (kept.ended && kept.events.length === 0) {
      // Of server-sent events this is the answer that tells a client not to come back.
      reply.code(204).send();
      return;
    }
    const stream = new SseStream(reply, streams, sessionId);
    void this.#settle(key, head);
    await follow({
      store,
      key,
      after: seq,
      stream,
      pollMs: Math.min(1_000, timing.heartbeatMs),
      onQuiet: (latest) => this.#settle(key, latest ?? head),
    });
  }

  /** Another instance brings this stream to its client. */
  async takenOver(key: StreamKey, head: CallHead): Promise<void> {
    this.#parts.requestStreams.ofStream(key.stream)?.closeConnection();
    await this.#settle(key, head);
  }

  /** Makes sure that somebody will end the stream, or ends it: the store admits only one end. */
  async #settle(key: StreamKey, head: CallHead): Promise<void> {
    const { store, instances, checkWith, tellOwner } = this.#parts;
    try {
      if (head.owner === instances.self ? this.#runsHere(key) : !(await instances.gone(head.owner))) {
        if (head.owner !== instances.self) await tellOwner(key, head);
        else this.#parts.requestStreams.ofStream(key.stream)?.closeConnection();
        return;
      }
      await store.append(key, head, [{ seq: LAST_SEQ, data: outcomeUnknown(head, checkWith(head.tool)) }], true);
    } catch (error) {
      if (!(error instanceof RedisAway))
        this.#parts.log.write("error", "a dead instance's call could not be ended", { error: String(error) });
    }
  }

  #runsHere({ stream }: StreamKey): boolean {
    const { room, requestStreams } = this.#parts;
    return room.awaits(stream) || requestStreams.ofStream(stream)?.writer?.lost === false;
  }
}
