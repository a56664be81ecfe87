/** Sessions in the memory of one instance; they end with the process. */
import { randomUUID } from "node:crypto";
import { HttpRefusal } from "../../auth/refusal.ts";
import { SessionTable } from "./session-table.ts";
import { ownerOf, type OnEnd, type Session, type SessionRecord, type Sessions } from "./session.ts";

export interface SessionLimits {
  readonly timeoutMs: number;
  readonly max: number;
}

/** Milliseconds between two sweeps for expired sessions, at most. */
export const SWEEP_MS = 30_000;

export function createMemorySessions(limits: SessionLimits, onEnd: OnEnd, now: () => number = Date.now): Sessions {
  return new MemorySessions(limits, onEnd, now);
}

class MemorySessions implements Sessions {
  readonly #table: SessionTable;
  readonly #timer: NodeJS.Timeout;
  readonly #limits: SessionLimits;
  readonly #onEnd: OnEnd;
  readonly #now: () => number;

  constructor(limits: SessionLimits, onEnd: OnEnd, now: () => number) {
    this.#limits = limits;
    this.#onEnd = onEnd;
    this.#now = now;
    this.#table = new SessionTable(now);
    this.#timer = startSweeping(this.#table, limits.timeoutMs, onEnd);
  }

  async open(record: SessionRecord): Promise<Session> {
    const { max } = this.#limits;
    while (this.#table.size >= max) {
      const evicted = this.#table.evictionCandidate(ownerOf(record));
      if (evicted === undefined) throw tooManySessions(max);
      this.#expire(evicted.id);
    }
    const session = { id: randomUUID(), record, seen: this.#now(), busy: 0 };
    this.#table.touch(session);
    return session;
  }

  async find(id: string, binding: string): Promise<Session | "none"> {
    const session = this.#table.get(id);
    if (session === undefined || session.record.binding !== binding) return "none";
    const isExpired = session.busy === 0 && this.#now() - session.seen > this.#limits.timeoutMs;
    if (isExpired) {
      this.#expire(id);
      return "none";
    }
    this.#table.touch(session);
    return session;
  }

  async change(session: Session, record: SessionRecord): Promise<void> {
    session.record = record;
  }

  async end({ id }: Session): Promise<void> {
    this.#table.delete(id);
  }

  forget(id: string): void {
    this.#table.delete(id);
  }

  count(): number {
    return this.#table.size;
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #expire(id: string): void {
    this.#table.delete(id);
    this.#onEnd(id);
  }
}

/** Ends expired sessions at intervals. */
function startSweeping(table: SessionTable, timeoutMs: number, onEnd: OnEnd): NodeJS.Timeout {
  const sweep = () => {
    for (const { id } of table.sweep(timeoutMs).expired) onEnd(id);
  };
  return setInterval(sweep, Math.min(SWEEP_MS, timeoutMs)).unref();
}

/** 503: no session can be opened, since none of the `max` can be evicted. */
export function tooManySessions(max: number): HttpRefusal {
  return new HttpRefusal(
    503,
    `${max} sessions are open and all of them are in use (MCP_MAX_SESSIONS). Try again later, or end one with DELETE.`,
    { "retry-after": "30" },
  );
}
