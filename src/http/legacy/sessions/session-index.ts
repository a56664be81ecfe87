/**
 * The indexes of sessions in Redis: sorted sets of their ids by when each was last known to be used, one of all and one
 * for each owner, and how many each owner has. A session's use changes the expiry of its own key only, so the indexes
 * are corrected where they are looked at: when a session has to go. A key of another type in their place is removed.
 *
 * Others may write to them, so that they only say where to look: a session lives, and is an owner's, where its own
 * record says so, which nobody else can write; how many an owner has is counted by records before it loses one.
 */
import { runPipeline, isWrongType, type RedisLink } from "../../redis/link.ts";
import type { Trust } from "../../redis/trust.ts";

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
  /** The owner of the session that is kept under a session's key; undefined where none lives there. */
  readonly ownerOf: (id: string, written: unknown) => string | undefined;
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
    for (let tried = 1; tried <= OWNERS_TRIED; tried += 1) {
      const owner = await this.#ownerOfMost(opener);
      const { removed, oldest } = await this.#findOldest(this.#keyOfOwner(owner), owner);
      if (removed.length > 0) {
        await this.remove(owner, ...removed);
        return true;
      }
      if (oldest === undefined) {
        await this.#setCount(owner, 0);
        continue;
      }
      if (owner === opener && this.#inUse(oldest.at)) return false;
      await this.#parts.endSession(oldest.id, owner);
      return true;
    }
    return true;
  }

  /** Drops those that live no more of the oldest sessions, and of some others; whether there were any. */
  async #forgetEnded(): Promise<boolean> {
    const { removed } = await this.#findOldest(this.#key);
    const ended = removed.length > 0 ? removed : await this.#sampleEnded();
    if (ended.length > 0) await this.#removeFrom(this.#key, ended);
    return ended.length > 0;
  }

  async #sampleEnded(): Promise<string[]> {
    const ids = await this.#parts.link.run((redis) => redis.zrandmember(this.#key, CANDIDATES));
    const lastUsed = await this.#lastUsed(ids);
    return ids.filter((id) => !lastUsed.has(id));
  }

  /** The owner with most sessions; the opener where nobody has more. */
  async #ownerOfMost(opener: string): Promise<string> {
    const key = this.#keyOfOwners();
    const own = await this.#countOf(opener);
    for (let tried = 0; tried < OWNERS_TRIED; tried += 1) {
      const [owner = opener, said] = await this.#repairAndRetry(key, () =>
        this.#parts.link.run((redis) => redis.zrevrange(key, 0, 0, "WITHSCORES")),
      );
      if (owner === opener || Number(said) <= own) break;
      const count = await this.#countOf(owner);
      if (count > own) return owner;
      if (count === Number(said)) break;
    }
    return opener;
  }

  /** How many sessions an owner has: by the records of some, which all must live where there are more. */
  async #countOf(owner: string): Promise<number> {
    const key = this.#keyOfOwner(owner);
    const [ids, card] = await this.#repairAndRetry(key, () =>
      this.#parts.link.run((redis) =>
        runPipeline(
          redis
            .pipeline()
            .zrange(key, "0", String(CANDIDATES - 1))
            .zcard(key),
        ),
      ),
    );
    const looked = (ids as string[]).length;
    const alive = (await this.#lastUsed(ids as string[], owner)).size;
    const count = alive === looked && looked === CANDIDATES ? (card as number) : alive;
    await this.#setCount(owner, count);
    return count;
  }

  /**
   * Of the sessions of an index that were used least lately: those that live no more or are not this owner's, and the
   * first that is.
   */
  async #findOldest(key: string, owner?: string): Promise<{ removed: string[]; oldest?: { id: string; at: number } }> {
    const { link } = this.#parts;
    return this.#repairAndRetry(key, async () => {
      const ids = await link.run((redis) => redis.zrange(key, "0", String(CANDIDATES - 1)));
      const lastUsed = await this.#lastUsed(ids, owner);
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

  /**
   * When each session was last used, told from what is left of its life; without those that have ended or expired, or
   * are somebody else's.
   */
  async #lastUsed(ids: readonly string[], owner?: string): Promise<Map<string, number>> {
    const { link, timeoutMs, keyOf, ownerOf, now } = this.#parts;
    const states = await Promise.all(
      ids.map(async (id) => {
        const key = keyOf(id);
        const read = () => link.run((redis) => runPipeline(redis.pipeline().pttl(key).get(key)));
        const [remainingMs, written] = await this.#repairAndRetry(key, read);
        return { id, remainingMs: remainingMs as number, written };
      }),
    );
    const lastUsed = new Map<string, number>();
    for (const { id, remainingMs, written } of states) {
      const whose = ownerOf(id, written);
      if (remainingMs <= 0 || whose === undefined || whose !== (owner ?? whose)) continue;
      lastUsed.set(id, now() - (timeoutMs - remainingMs));
    }
    return lastUsed;
  }

  #addTo(key: string, id: string): Promise<number> {
    const { link, now } = this.#parts;
    return this.#runAndCount(key, () =>
      link.run((redis) => runPipeline(redis.pipeline().zadd(key, now(), id).pexpire(key, this.#keptMs()).zcard(key))),
    );
  }

  #removeFrom(key: string, ids: readonly string[]): Promise<number> {
    const { link } = this.#parts;
    return this.#runAndCount(key, () =>
      link.run((redis) =>
        runPipeline(
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
    await this.#repairAndRetry(key, () =>
      link.run(async (redis) => {
        if (count === 0) await redis.zrem(key, owner);
        else await runPipeline(redis.pipeline().zadd(key, count, owner).pexpire(key, this.#keptMs()));
      }),
    );
  }

  /** The last answer of a pipeline, a number. */
  async #runAndCount(key: string, work: () => Promise<unknown[]>): Promise<number> {
    return (await this.#repairAndRetry(key, work)).at(-1) as number;
  }

  /** Runs `work` on `key`, a second time after a key of another type was removed from its place. */
  async #repairAndRetry<Value>(key: string, work: () => Promise<Value>): Promise<Value> {
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
