/**
 * Sessions in this process, least recently used first. Over the limit, the principal with the most sessions
 * loses its least recently used one, so that no principal can evict the others' by opening many.
 */
import type { Session } from "./session.ts";

export class SessionTable {
  readonly #sessions = new Map<string, Session>();
  readonly #counts = new Map<string, number>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  get size(): number {
    return this.#sessions.size;
  }

  get(id: string): Session | undefined {
    return this.#sessions.get(id);
  }

  /** Adds it, or makes it the most recently used. */
  touch(session: Session): void {
    session.seen = this.#now();
    if (!this.#sessions.delete(session.id)) this.#count(session, 1);
    this.#sessions.set(session.id, session);
  }

  delete(id: string): Session | undefined {
    const session = this.#sessions.get(id);
    if (session === undefined) return undefined;
    this.#sessions.delete(id);
    this.#count(session, -1);
    return session;
  }

  /** The session to evict so that another can be opened; undefined where all are in use. */
  evictionCandidate(): Session | undefined {
    let busiestBinding = "";
    for (const [binding, count] of this.#counts)
      if (count > (this.#counts.get(busiestBinding) ?? 0)) busiestBinding = binding;
    let oldest: Session | undefined;
    for (const session of this.#sessions.values()) {
      if (session.busy > 0) continue;
      if (session.record.binding === busiestBinding) return session;
      oldest ??= session;
    }
    return oldest;
  }

  /** Sessions that are in use count as used now; those not used for `timeoutMs` are removed and returned. */
  sweep(timeoutMs: number): { readonly inUse: readonly Session[]; readonly expired: readonly Session[] } {
    const now = this.#now();
    const inUse: Session[] = [];
    const expired: Session[] = [];
    for (const session of this.#sessions.values()) {
      if (session.busy > 0) inUse.push(session);
      else if (now - session.seen > timeoutMs) expired.push(session);
    }
    for (const session of inUse) this.touch(session);
    for (const { id } of expired) this.delete(id);
    return { inUse, expired };
  }

  #count({ record }: Session, by: number): void {
    const count = (this.#counts.get(record.binding) ?? 0) + by;
    if (count === 0) this.#counts.delete(record.binding);
    else this.#counts.set(record.binding, count);
  }
}
