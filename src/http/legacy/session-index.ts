/**
 * The indexes of sessions in Redis: sorted sets of their ids by when each was last known to be used, one of all and one
 * for each owner, and how many each owner has. A session's use changes the expiry of its own key only, so the indexes
 * are corrected where they are looked at: when a session has to go. A key of another type in their place is removed.
 */
import { answers, isWrongType, type RedisLink } from "../redis/link.ts";
import type { Trust } from "../redis/trust.ts";

/** Sessions looked at when one has to go. */
const CANDIDATES = 32;
/** Owners looked at when a session has to go: of the first, all may have expired. */
const OWNERS_TRIED = 4;

export interface SessionIndexParts {
  readonly link: RedisLink;
  readonly trust: Trust;
  readonly timeoutMs: number;
  /** How often the instance that has a session in use renews it. */
  readonly sweepMs: number;
  readonly keyOf: (id: string) => string;
  /** Whether what is kept under a session's key is a session that lives. */
  readonly lives: (id: string, written: unknown) => boolean;
  readonly endSession: (id: string, owner: string) => Promise<void>;
  readonly now: () => number;
}

export class SessionIndex {
  readonly #parts: SessionIndexParts;
  readonly #key: string;

  constructor(parts: SessionIndexParts) {
    this.#parts = parts;
    this.#key = `${parts.link.prefix}:sessions`;
  }

  /** Resolves with the number of sessions, this one included. */
  async add(id: string, owner: string): Promise<number> {
    const [all, own] = await Promise.all([this.#addTo(this.#key, id), this.#addTo(this.#keyOfOwner(owner), id)]);
    await this.#setCount(owner, own);
    return all;
  }

  async remove(owner: string, ...ids: readonly string[]): Promise<void> {
    const [, own] = await Promise.all([
      this.#removeFrom(this.#key, ids),
      this.#removeFrom(this.#keyOfOwner(owner), ids),
    ]);
    await this.#setCount(owner, own);
  }

  /**
   * Makes room for a session of `opener`: of the owner that has most, the one not used for longest ends. False where
   * that would be at the expense of somebody who has less.
   */
  async evict(opener: string): Promise<boolean> {
    if (await this.#forgetEnded()) return true;
    for (let tried = 0; tried < OWNERS_TRIED; tried += 1) {
      const owner = await this.#ownerOfMost(opener);
      const { removed, oldest } = await this.#oldestOf(this.#keyOfOwner(owner));
      if (removed.length > 0) {
        await this.remove(owner, ...removed);
        return true;
      }
      if (oldest !== undefined) {
        if (owner === opener && this.#inUse(oldest.at)) return false;
        await this.#parts.endSession(oldest.id, owner);
        return true;
      }
      await this.#setCount(owner, 0);
    }
    return true;
  }

  /** Drops those of the oldest sessions that live no more; whether there were any. */
  async #forgetEnded(): Promise<boolean> {
    const { removed } = await this.#oldestOf(this.#key);
    if (removed.length > 0) await this.#removeFrom(this.#key, removed);
    return removed.length > 0;
  }

  /** The owner with most sessions; the opener where nobody has more. */
  async #ownerOfMost(opener: string): Promise<string> {
    const key = this.#keyOfOwners();
    return this.#repairing(key, async () => {
      const [most, own] = await this.#parts.link.run((redis) =>
        answers(redis.pipeline().zrevrange(key, 0, 0, "WITHSCORES").zscore(key, opener)),
      );
      const [owner, count] = most as [string?, string?];
      return owner === undefined || Number(count) <= Number(own ?? 0) ? opener : owner;
    });
  }

  /** Of the sessions of an index that were used least lately: those that live no more, and the first that does. */
  async #oldestOf(key: string): Promise<{ removed: string[]; oldest?: { id: string; at: number } }> {
    const { link } = this.#parts;
    return this.#repairing(key, async () => {
      const ids = await link.run((redis) => redis.zrange(key, "0", String(CANDIDATES - 1)));
      const lastUsed = await this.#lastUsed(ids);
      const removed = ids.filter((id) => !lastUsed.has(id));
      if (removed.length > 0 || lastUsed.size === 0) return { removed };
      await link.run((redis) => redis.zadd(key, ...[...lastUsed].flatMap(([id, at]) => [String(at), id])));
      const [first] = [...lastUsed].sort(([, a], [, b]) => a - b) as [[string, number]];
      return { removed, oldest: { id: first[0], at: first[1] } };
    });
  }

  /** A session in use is renewed with every sweep of the instance that has it. */
  #inUse(lastUsed: number): boolean {
    const { now, sweepMs } = this.#parts;
    return now() - lastUsed < 2 * sweepMs;
  }

  /** When each session was last used, told from what is left of its life; without those that have ended or expired. */
  async #lastUsed(ids: readonly string[]): Promise<Map<string, number>> {
    const { link, timeoutMs, keyOf, lives, now } = this.#parts;
    const states = await Promise.all(
      ids.map(async (id) => {
        const key = keyOf(id);
        const read = () => link.run((redis) => answers(redis.pipeline().pttl(key).get(key)));
        const [remainingMs, written] = await this.#repairing(key, read);
        return { id, remainingMs: remainingMs as number, written };
      }),
    );
    const lastUsed = new Map<string, number>();
    for (const { id, remainingMs, written } of states) {
      if (remainingMs > 0 && lives(id, written)) lastUsed.set(id, now() - (timeoutMs - remainingMs));
    }
    return lastUsed;
  }

  #addTo(key: string, id: string): Promise<number> {
    const { link, now } = this.#parts;
    return this.#counting(key, () =>
      link.run((redis) => answers(redis.pipeline().zadd(key, now(), id).pexpire(key, this.#keptMs()).zcard(key))),
    );
  }

  #removeFrom(key: string, ids: readonly string[]): Promise<number> {
    const { link } = this.#parts;
    return this.#counting(key, () =>
      link.run((redis) =>
        answers(
          redis
            .pipeline()
            .zrem(key, ...ids)
            .zcard(key),
        ),
      ),
    );
  }

  async #setCount(owner: string, count: number): Promise<void> {
    const key = this.#keyOfOwners();
    const { link } = this.#parts;
    await this.#repairing(key, () =>
      link.run(async (redis) => {
        if (count === 0) await redis.zrem(key, owner);
        else await answers(redis.pipeline().zadd(key, count, owner).pexpire(key, this.#keptMs()));
      }),
    );
  }

  /** The last answer of a pipeline, a number. */
  async #counting(key: string, work: () => Promise<unknown[]>): Promise<number> {
    return (await this.#repairing(key, work)).at(-1) as number;
  }

  /** Runs `work` on `key`, a second time after a key of another type was removed from its place. */
  async #repairing<Value>(key: string, work: () => Promise<Value>): Promise<Value> {
    try {
      return await work();
    } catch (error) {
      if (!isWrongType(error)) throw error;
      const { link, trust } = this.#parts;
      trust.drop("record", "of another type than this server keeps there");
      await link.run((redis) => redis.del(key));
      return work();
    }
  }

  #keptMs(): number {
    return this.#parts.timeoutMs * 2;
  }

  #keyOfOwners(): string {
    return `${this.#key}:owners`;
  }

  #keyOfOwner(owner: string): string {
    return `${this.#key}:of:${owner}`;
  }
}
