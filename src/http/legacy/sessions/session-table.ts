/**
 * Sessions in this process, least recently used first.
 * Over the limit, the owner with the most sessions loses its least recently used one: so no owner can evict the
 * sessions of others by opening many.
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

  /** Adds the session, or makes it the most recently used. */
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

  /**
   * The session to evict so that `opener` can open another: of the owner with most sessions, an idle one where it has
   * any. Undefined where that owner is the opener itself and all its sessions are in use.
   */
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
    // An owner with more sessions than the opener loses one even where all are in use.
    return owner === opener ? undefined : inUse;
  }

  /** The least recently used session of any owner that is not in use; where all are, the least recently used. */
  oldest(): Session | undefined {
    const all = [...this.#sessions.values()];
    return all.find(({ busy }) => busy === 0) ?? all[0];
  }

  /** Counts sessions in use as used now, and removes those that were not used for `timeoutMs`. Returns both. */
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
