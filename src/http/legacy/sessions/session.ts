/**
 * A session of the legacy revisions, as any instance must know it to serve it.
 * It holds no key and no token: each request brings its own, and the binding says whose session it is.
 */
export interface SessionRecord {
  /** Whose sessions it is counted among for the limit; where absent, the binding's. */
  readonly owner?: string;
  /** Whose requests may use it: `Caller.binding`. */
  readonly binding: string;
  /** The negotiated protocol revision. */
  readonly revision: string;
  /** The parameters of the client's initialize. */
  readonly initialize: Readonly<Record<string, unknown>>;
  /** The level of the last logging/setLevel. */
  readonly level?: string;
}

export interface Session {
  readonly id: string;
  record: SessionRecord;
  /** When the session was last used on this instance, in milliseconds. */
  seen: number;
  /** How many calls and open streams it has on this instance; a session in use does not expire. */
  busy: number;
}

/** The result of looking a session up; "unknown" while Redis is away and this instance has no copy. */
export type SessionLookup = Session | "none" | "unknown";

export interface Sessions {
  /** Starts a session. Throws HttpRefusal 503 where no more may be open. */
  open(record: SessionRecord): Promise<Session>;
  /** The session, where it lives and has this binding; counts it as used. */
  find(id: string, binding: string): Promise<SessionLookup>;
  /** Replaces the session's record. */
  change(session: Session, record: SessionRecord): Promise<void>;
  /** Ends a session for all instances. Throws RedisAway. */
  end(session: Session): Promise<void>;
  /** Drops this instance's copy of a session that has ended elsewhere. */
  forget(id: string): void;
  /** How many sessions this instance holds. */
  count(): number;
  /** Stops the timers; ends no session. */
  close(): void;
}

/** Called when a session ends for another reason than `end`. */
export type OnEnd = (id: string) => void;

/** Whose sessions a session is counted among. */
export function ownerOf({ owner, binding }: SessionRecord): string {
  return owner ?? binding;
}
