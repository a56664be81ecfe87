/**
 * The index of all sessions in Redis: a sorted set of their ids by when each was last known to be used. A session's use
 * changes the expiry of its own key only, so the index is corrected where it is looked at: when a session has to go.
 */
import { answers, type RedisLink } from "../redis/link.ts";

/** Stands in place of a session's record once it has ended, so that no instance writes its copy back. */
export const ENDED = "ended";

/** Sessions looked at when one has to go. */
const CANDIDATES = 32;

export interface SessionIndexParts {
  readonly link: RedisLink;
  readonly timeoutMs: number;
  /** How often the instance that has a session in use renews it. */
  readonly sweepMs: number;
  readonly keyOf: (id: string) => string;
  readonly endSession: (id: string) => Promise<void>;
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
  async add(id: string): Promise<number> {
    const { link, timeoutMs, now } = this.#parts;
    const [, , count] = await link.run((redis) => {
      const pipeline = redis
        .pipeline()
        .zadd(this.#key, now(), id)
        .pexpire(this.#key, timeoutMs * 2)
        .zcard(this.#key);
      return answers(pipeline);
    });
    return count as number;
  }

  async remove(...ids: readonly string[]): Promise<void> {
    await this.#parts.link.run((redis) => redis.zrem(this.#key, ...ids));
  }

  /** Ends the session that was not used for longest; false where all are in use. */
  async evict(): Promise<boolean> {
    const { link, sweepMs, endSession, now } = this.#parts;
    const ids = await link.run((redis) => redis.zrange(this.#key, "0", String(CANDIDATES - 1)));
    const lastUsed = await this.#lastUsed(ids);
    const endedIds = ids.filter((id) => !lastUsed.has(id));
    if (endedIds.length > 0) {
      await this.remove(...endedIds);
      return true;
    }
    const oldest = earliest(lastUsed);
    if (oldest === undefined) return true;
    const scores = [...lastUsed].flatMap(([id, at]) => [String(at), id]);
    await link.run((redis) => redis.zadd(this.#key, ...scores));
    // A session in use is renewed with every sweep of the instance that has it.
    const inUse = now() - oldest.at < 2 * sweepMs;
    if (inUse) return false;
    await endSession(oldest.id);
    return true;
  }

  /** When each session was last used, told from what is left of its life; without those that have ended or expired. */
  async #lastUsed(ids: readonly string[]): Promise<Map<string, number>> {
    const { link, timeoutMs, keyOf, now } = this.#parts;
    const states = await Promise.all(
      ids.map(async (id) => {
        const key = keyOf(id);
        const [remainingMs, written] = await link.run((redis) => answers(redis.pipeline().pttl(key).get(key)));
        return { id, remainingMs: remainingMs as number, written };
      }),
    );
    const lastUsed = new Map<string, number>();
    for (const { id, remainingMs, written } of states) {
      if (remainingMs > 0 && written !== ENDED) lastUsed.set(id, now() - (timeoutMs - remainingMs));
    }
    return lastUsed;
  }
}

function earliest(times: ReadonlyMap<string, number>): { readonly id: string; readonly at: number } | undefined {
  let first: { readonly id: string; readonly at: number } | undefined;
  for (const [id, at] of times) {
    if (first === undefined || at < first.at) first = { id, at };
  }
  return first;
}
