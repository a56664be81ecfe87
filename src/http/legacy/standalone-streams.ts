/**
 * The streams that clients open with GET, for messages that belong to no request.
 * A session may have several, as when the client has lost a connection that this server still believes open. Each
 * message goes to the newest stream only.
 */
import type { JSONRPCNotification } from "@modelcontextprotocol/sdk/types.js";
import type { FastifyReply } from "fastify";
import type { Log } from "../../log/log.ts";
import { eventId, STANDALONE } from "../events/event-id.ts";
import type { EventStore } from "../events/event-store.ts";
import { follow, type FollowerStream } from "../events/follow.ts";
import { RedisAway } from "../redis/link.ts";
import type { LegacyTiming } from "./endpoint-options.ts";
import type { Session } from "./sessions/session.ts";
import { SseStream, type OpenStreams } from "./sse-stream.ts";

export interface StandaloneParts {
  readonly store: EventStore | undefined;
  readonly streams: OpenStreams;
  readonly log: Log;
  readonly timing: LegacyTiming;
  /** Sends a message to the other instances, one of which may have the session's stream. Throws RedisAway. */
  readonly forwardToOthers: (sessionId: string, data: string) => Promise<void>;
}

/** A session with more streams than this has lost some of their connections; the oldest one is ended. */
const MAX_PER_SESSION = 3;
/** How often the store is asked for events whose notification was lost. They are not urgent. */
const POLL_MS = 30_000;

interface OpenStandalone {
  readonly stream: SseStream;
  /** The sequence number of the last event that was sent to the client. */
  seq: number;
}

export class StandaloneStreams {
  /** By session, oldest first. */
  readonly #held = new Map<string, OpenStandalone[]>();
  readonly #parts: StandaloneParts;
  #count = 0;

  constructor(parts: StandaloneParts) {
    this.#parts = parts;
  }

  get size(): number {
    return this.#count;
  }

  /** Opens a stream, which resumes after event `seq` where that is given. Resolves when the stream has ended. */
  async open(session: Session, reply: FastifyReply, seq: number | undefined, primed: boolean): Promise<void> {
    const { store, streams, timing } = this.#parts;
    const key = keyOf(session.id);
    const after = seq ?? (await this.#newest(session.id));
    const stream = new SseStream(reply, streams, session.id);
    const ended = new Promise<void>((resolve) => stream.onClose(resolve));
    const held: OpenStandalone = { stream, seq: after };
    if (store !== undefined && primed) stream.prime(eventId(key, after), timing.retryMs);
    const all = this.#held.get(session.id) ?? [];
    this.#held.set(session.id, all);
    all.push(held);
    if (all.length > MAX_PER_SESSION) all[0]?.stream.end();
    this.#count += 1;
    session.busy += 1;
    this.#activate(session.id);
    await ended;
    session.busy -= 1;
    this.#count -= 1;
    const wasNewest = all.at(-1) === held;
    all.splice(all.indexOf(held), 1);
    if (all.length === 0) this.#held.delete(session.id);
    else if (wasNewest) this.#activate(session.id);
  }

  /** Sends a notification to a session, wherever its stream is. Throws RedisAway. */
  async notify(sessionId: string, notification: JSONRPCNotification): Promise<void> {
    const { store, forwardToOthers } = this.#parts;
    const data = JSON.stringify(notification);
    if (store !== undefined) await store.appendStandalone(keyOf(sessionId), data);
    else this.#held.get(sessionId)?.at(-1)?.stream.writeEvent(data);
    if (store?.kind !== "redis") await forwardToOthers(sessionId, data);
  }

  /** Sends a message, as JSON text, that another instance forwarded for a session. */
  async deliver(sessionId: string, data: string): Promise<void> {
    const { store } = this.#parts;
    const newest = this.#held.get(sessionId)?.at(-1);
    if (newest === undefined) return;
    if (store === undefined) newest.stream.writeEvent(data);
    else await store.appendStandalone(keyOf(sessionId), data);
  }

  /** Ends a session's streams. */
  close(sessionId: string): void {
    for (const { stream } of [...(this.#held.get(sessionId) ?? [])]) stream.end();
  }

  /** Makes the session's newest stream follow the store. */
  #activate(sessionId: string): void {
    const { store, log } = this.#parts;
    const held = this.#held.get(sessionId)?.at(-1);
    if (store === undefined || held === undefined) return;
    const { stream } = held;
    const key = keyOf(sessionId);
    const follower: FollowerStream = {
      get open() {
        return stream.open;
      },
      waitForDrain: () => stream.waitForDrain(),
      writeEvent(data, id) {
        held.seq = Number(id.slice(id.lastIndexOf(".") + 1));
        stream.writeEvent(data, id);
      },
      // A superseded stream stays open and silent: its client may not know of the newer stream yet.
      end: () => undefined,
      onClose: (listener) => stream.onClose(listener),
    };
    follow({ store, key, after: held.seq, stream: follower, pollMs: POLL_MS }).catch((error: unknown) => {
      log.write("error", "a session's stream could not be followed", { error: String(error) });
      stream.end();
    });
  }

  /** The sequence number of the session's newest event, after which a new stream begins. */
  async #newest(sessionId: string): Promise<number> {
    try {
      return (await this.#parts.store?.newestStandalone(keyOf(sessionId))) ?? 0;
    } catch (error) {
      if (!(error instanceof RedisAway)) throw error;
      // These sequence numbers are microseconds of the clock: see standalone-ids.ts.
      return Date.now() * 1_000;
    }
  }
}

function keyOf(sessionId: string) {
  return { scope: sessionId, stream: STANDALONE };
}
