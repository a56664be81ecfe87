/**
 * Where the events of streams are kept for clients that come back with Last-Event-ID.
 *
 * A stream has one writer, which numbers its events 1, 2, 3…; a reader may start at any number. It has one last entry:
 * the first to write it ends the stream, and later writes are refused. So where a call ends while another instance
 * takes its owner for dead, only one of the two ends counts.
 */
import type { StreamKey } from "./event-id.ts";

/** What another instance must know of a call to end it in place of its writer. */
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
  /** In order; those after the asked-for number. */
  readonly events: readonly StoredEvent[];
  /** Nothing will follow. */
  readonly ended: boolean;
  /** Absent for a session's standalone stream. */
  readonly head?: CallHead;
}

/** A connection's look at a stream. */
export interface Watch {
  unwatch(): void;
  /** Tells every other connection that watches the stream that this one has it now. */
  takeOver(): void;
}

export interface EventStore {
  readonly kind: "memory" | "redis";
  /** Starts the stream of a call, so that it can be ended explicitly even if its instance dies at once. */
  open(key: StreamKey, head: CallHead): Promise<void>;
  /**
   * Appends events with numbers of their writer's; `last` ends the stream. Appending the same again changes nothing.
   * Resolves with false where the stream had ended before.
   */
  append(key: StreamKey, head: CallHead, events: readonly StoredEvent[], last: boolean): Promise<boolean>;
  /** Appends a message to a session's standalone stream, which has many writers and no end. */
  appendStandalone(key: StreamKey, data: string): Promise<void>;
  /** What is kept after `seq`; undefined where nothing is known of the stream. */
  read(key: StreamKey, seq: number): Promise<StoredStream | undefined>;
  /** The number of a standalone stream's newest event; 0 where there is none. */
  newestStandalone(key: StreamKey): Promise<number>;
  /**
   * Calls `wake` after events were appended; it may be called for nothing, and a call may be lost. `superseded` is
   * called when another connection takes the stream over.
   */
  watch(key: StreamKey, wake: () => void, superseded: () => void): Watch;
  stats(): Readonly<Record<string, number>>;
}
