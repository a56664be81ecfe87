/**
 * A session of the legacy revisions: what any instance must know to serve it. No key and no token: whose it is follows
 * from the binding, and each request brings its own caller.
 */
export interface SessionRecord {
  /** Whose share of the sessions it counts to; where absent, the binding's. */
  readonly owner?: string;
  /** Whose session it is: `Caller.binding`. */
  readonly binding: string;
  /** The revision that was agreed on. */
  readonly revision: string;
  /** The parameters of the client's initialize. */
  readonly initialize: Readonly<Record<string, unknown>>;
  /** What logging/setLevel asked for last. */
  readonly level?: string;
}

export interface Session {
  readonly id: string;
  record: SessionRecord;
  /** When this instance last heard of it. */
  seen: number;
  /** Calls and open streams on this instance; a session in use neither expires nor makes room. */
  busy: number;
}

/** The result of looking a session up; "unknown" while Redis is away and this instance has no copy. */
export type SessionLookup = Session | "none" | "unknown";

export interface Sessions {
  /** Throws HttpRefusal 503 where no more may be open. */
  open(record: SessionRecord): Promise<Session>;
  /** The session, where it lives and is this binding's; it counts as used. */
  find(id: string, binding: string): Promise<SessionLookup>;
  change(session: Session, record: SessionRecord): Promise<void>;
  /** Throws RedisAway where others could not be told. */
  end(session: Session): Promise<void>;
  /** It has ended elsewhere. */
  forget(id: string): void;
  count(): number;
  close(): void;
}

/** Called when a session ends for any reason but a DELETE here. */
export type OnEnd = (id: string) => void;

export function ownerOf({ owner, binding }: SessionRecord): string {
  return owner ?? binding;
}
