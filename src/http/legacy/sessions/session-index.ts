/**
 * The indexes of sessions in Redis: sorted sets of session ids by last known use, one of all and one for each owner,
 * and a sorted set of owners by how many sessions they have.
 * A request renews only the expiry of its session's own key. So the indexes lag, and are corrected when they are read,
 * which is when a session has to be evicted. A key of another type in their place is removed.
 *
 * The indexes are not authenticated: anybody who can write to Redis can change them. They only say which records to
 * read. Whether a session lives, and whose it is, its record says, which is authenticated; before an owner loses a
 * session, its sessions are counted by their records.
 */
import { runPipeline, isWrongType, type RedisLink } from "../../redis/link.ts";
import type { Trust } from "../../redis/trust.ts";

/** Sessions of an index that are read when one has to be evicted. */
const CANDIDATES = 32;
/** Owners that are tried for an eviction; all sessions of the first may have expired. */
const OWNERS_TRIED = 4;

export interface SessionIndexParts {
  readonly link: RedisLink;
  readonly trust: Trust;
  readonly timeoutMs: number;
  /** How often an instance renews the sessions that are in use on it. */
  readonly sweepMs: number;
  readonly keyOf: (id: string) => string;
  /** The owner by the value of a session's key; undefined where that is no record of a session that lives. */
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

  /** Adds a session. Resolves with the number of all sessions, this one included. */
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
   * Makes room for a session of `opener`: ends the least recently used session of the owner that has most.
   * False where that owner is the opener itself and all its sessions are in use: nobody else has more to give up.
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

  /** Removes from the index sessions that have ended: of the oldest, or else of a random sample. Whether any had. */
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
      const [owner = opener, indexed] = await this.#repairAndRetry(key, () =>
        this.#parts.link.run((redis) => redis.zrevrange(key, 0, 0, "WITHSCORES")),
      );
      if (owner === opener || Number(indexed) <= own) break;
      const count = await this.#countOf(owner);
      if (count > own) return owner;
      if (count === Number(indexed)) break;
    }
    return opener;
  }

  /**
   * How many sessions an owner has, and writes that to the index. The oldest are counted by their records; the index
   * is believed about the rest only where all of those live.
   */
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
    const sampled = (ids as string[]).length;
    const alive = (await this.#lastUsed(ids as string[], owner)).size;
    const mayHaveMore = sampled === CANDIDATES && alive === sampled;
    const count = mayHaveMore ? (card as number) : alive;
    await this.#setCount(owner, count);
    return count;
  }

  /**
   * Reads the least recently used sessions of an index: `removed` are those that have ended or are another owner's;
   * where there are none, `oldest` is the least recently used. Corrects the times in the index.
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

  /** Whether a session counts as in use: its instance renews it with every sweep. */
  #inUse(lastUsed: number): boolean {
    const { now, sweepMs } = this.#parts;
    return now() - lastUsed < 2 * sweepMs;
  }

  /**
   * When each session was last used, by the remaining time to live of its key. Sessions that have ended or expired are
   * left out, and so are those of other owners than `owner`.
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
      const recordedOwner = ownerOf(id, written);
      if (remainingMs <= 0 || recordedOwner === undefined) continue;
      if (owner !== undefined && recordedOwner !== owner) continue;
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

  /** Runs a pipeline whose last reply is a number, and returns that. */
  async #runAndCount(key: string, work: () => Promise<unknown[]>): Promise<number> {
    return (await this.#repairAndRetry(key, work)).at(-1) as number;
  }

  /** Runs `work` on `key`; where the key is of another type it is removed, and `work` runs again. */
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
