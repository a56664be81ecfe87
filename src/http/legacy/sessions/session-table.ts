/**
 * Sessions in this process, least recently used first. Over the limit, the principal with the most sessions
 * loses its least recently used one, so that no principal can evict the others' by opening many, used or not.
 */
import { ownerOf, type Session } from "./session.ts";

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

  /** The session to evict so that `opener` can open another; undefined where that would be at others' expense. */
  evictionCandidate(opener: string): Session | undefined {
    const own = (this.#counts.get(opener) ?? 0) + 1;
    let [most, owner] = [own, opener];
    for (const [other, count] of this.#counts) if (count > most) [most, owner] = [count, other];
    let inUse: Session | undefined;
    for (const session of this.#sessions.values()) {
      if (ownerOf(session.record) !== owner) continue;
      if (session.busy === 0) return session;
      inUse ??= session;
    }
    // Whoever has more than the opener gives one up even where all are in use.
    return owner === opener ? undefined : inUse;
  }

  /** The one not used for longest, whosever it is; those in use last. */
  oldest(): Session | undefined {
    const all = [...this.#sessions.values()];
    return all.find(({ busy }) => busy === 0) ?? all[0];
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
    const owner = ownerOf(record);
    const count = (this.#counts.get(owner) ?? 0) + by;
    if (count === 0) this.#counts.delete(owner);
    else this.#counts.set(owner, count);
  }
}
