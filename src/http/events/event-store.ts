/**
 * Keeps the events of streams for clients that reconnect with Last-Event-ID.
 *
 * A stream has one writer, which numbers its events 1, 2, 3…; a reader may start at any number.
 * A stream ends once: the first end that is written counts, and later writes are refused. So where a call ends while
 * another instance believes that its owner is dead, only one of the two ends counts.
 */
import type { StreamKey } from "./event-id.ts";

/** What another instance must know of a call to end its stream where its writer has died. */
export interface CallHead {
  /** The instance that runs the call. */
  readonly owner: string;
  /** The request's JSON-RPC id. */
  readonly id: string | number;
  readonly tool: string;
}

export interface StoredEvent {
  readonly seq: number;
  /** The message as JSON text, on one line. */
  readonly data: string;
}

export interface StoredStream {
  /** The events after the requested number, in order. */
  readonly events: readonly StoredEvent[];
  /** Whether no event will follow these. */
  readonly ended: boolean;
  /** Absent for a session's standalone stream. */
  readonly head?: CallHead;
}

/** A connection's subscription to a stream. */
export interface Watch {
  unwatch(): void;
  /** Tells all other connections that watch the stream, on any instance, that this one now serves it. */
  takeOver(): void;
}

export interface EventStore {
  readonly kind: "memory" | "redis";
  /** Creates the stream of a call before its first event, so that others can end it even if its instance dies. */
  open(key: StreamKey, head: CallHead): Promise<void>;
  /**
   * Appends events, numbered by their writer; `last` ends the stream. Appending the same events again changes nothing.
   * Resolves with false where the stream had ended before.
   */
  append(key: StreamKey, head: CallHead, events: readonly StoredEvent[], last: boolean): Promise<boolean>;
  /** Appends a message to a session's standalone stream, which has many writers and no end. */
  appendStandalone(key: StreamKey, data: string): Promise<void>;
  /** What is kept after `seq`; undefined where the stream is not kept. */
  read(key: StreamKey, seq: number): Promise<StoredStream | undefined>;
  /** The sequence number of a standalone stream's newest event; 0 where there is none. */
  newestStandalone(key: StreamKey): Promise<number>;
  /**
   * Calls `wake` after events were appended, and `superseded` when another connection takes the stream over.
   * Calls of `wake` may be lost, or come without new events.
   */
  watch(key: StreamKey, wake: () => void, superseded: () => void): Watch;
  /** Numbers for the metrics. */
  stats(): Readonly<Record<string, number>>;
}
