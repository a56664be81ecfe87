/**
 * Sessions that outlive an instance: each is a record in Redis, and every instance keeps copies of those it has served.
 *
 * Redis has the last word on whether a session lives. While it is away an instance goes on with its copies. A copy also
 * brings a session back that Redis has lost (restarted without its data, or failed over): one that was ended leaves a
 * mark, and one that expired was used longer ago than its copy could say.
 */
import { randomUUID } from "node:crypto";
import { createSeal } from "../events/seal.ts";
import { answers, RedisAway, type RedisLink } from "../redis/link.ts";
import { tooManySessions, SWEEP_MS, type SessionLimits } from "./memory-sessions.ts";
import { SessionTable } from "./session-table.ts";
import type { OnEnd, Session, SessionRecord, Sessions } from "./session.ts";

interface SharedSession extends Session {
  /** The record as it is written in Redis. */
  written: string;
  /** Redis has not got it yet. */
  unsaved: boolean;
}

const ENDED = "ended";
/** Sessions looked at when there is no room. */
const CANDIDATES = 32;

export interface RedisSessionsParts {
  readonly link: RedisLink;
  readonly encryptionKey: Uint8Array | null;
  readonly limits: SessionLimits;
  readonly onEnd: OnEnd;
  readonly now?: () => number;
}

export function createRedisSessions({
  link,
  encryptionKey,
  limits,
  onEnd,
  now = Date.now,
}: RedisSessionsParts): Sessions {
  const { timeoutMs, max } = limits;
  const seal = createSeal(encryptionKey);
  const table = new SessionTable(now);
  const sweepMs = Math.min(SWEEP_MS, Math.ceil(timeoutMs / 4));
  const keyOf = (id: string) => `${link.prefix}:{${id}}:session`;
  /** All sessions by when they were last known to be used: exact only where it is looked at. */
  const index = `${link.prefix}:sessions`;

  const timer = setInterval(() => {
    for (const { id } of table.sweep(timeoutMs).inUse)
      void link.run((redis) => redis.pexpire(keyOf(id), timeoutMs)).catch(away);
  }, sweepMs);
  timer.unref();

  /** Takes in what Redis has; undefined where it cannot be read, as with another encryption key. */
  function copy(id: string, written: string): SharedSession | undefined {
    const text = seal.open(written, keyOf(id));
    if (text === undefined) return undefined;
    const record = JSON.parse(text) as SessionRecord;
    const known = table.get(id) as SharedSession | undefined;
    if (known !== undefined) return Object.assign(known, { record, written });
    forgetOldest();
    return { id, record, seen: now(), busy: 0, written, unsaved: false };
  }

  /** Copies are bounded; forgetting one ends nothing. */
  function forgetOldest(): void {
    const oldest = table.size < max ? undefined : table.toGiveUp();
    if (oldest !== undefined) table.delete(oldest.id);
  }

  async function write(session: SharedSession, onlyIfAbsent: boolean): Promise<void> {
    const key = keyOf(session.id);
    session.unsaved = true;
    await link.run<unknown>((redis) =>
      onlyIfAbsent
        ? redis.set(key, session.written, "PX", timeoutMs, "NX")
        : redis.set(key, session.written, "PX", timeoutMs),
    );
    session.unsaved = false;
  }

  async function bury(id: string): Promise<void> {
    await link.run((redis) => redis.set(keyOf(id), ENDED, "PX", timeoutMs));
    table.delete(id);
    await link.run((redis) => redis.zrem(index, id));
  }

  /** Ends the session that was not used for longest where there are too many; false where all are in use. */
  async function makeRoom(): Promise<boolean> {
    const ids = await link.run((redis) => redis.zrange(index, "0", String(CANDIDATES - 1)));
    const lives = await Promise.all(
      ids.map((id) => link.run((redis) => answers(redis.pipeline().pttl(keyOf(id)).get(keyOf(id))))),
    );
    const seen = new Map<string, number>();
    lives.forEach(([left, written], at) => {
      if ((left as number) > 0 && written !== ENDED)
        seen.set(ids[at] as string, now() - (timeoutMs - (left as number)));
    });
    const over = ids.filter((id) => !seen.has(id));
    if (over.length > 0) {
      await link.run((redis) => redis.zrem(index, ...over));
      return true;
    }
    const [oldest, at] = [...seen].reduce((least, one) => (one[1] < least[1] ? one : least));
    await link.run((redis) => redis.zadd(index, ...[...seen].flatMap(([id, when]) => [String(when), id])));
    // A session in use is touched with every sweep of the instance that has it.
    if (now() - at < 2 * sweepMs) return false;
    await bury(oldest);
    onEnd(oldest);
    return true;
  }

  async function register(id: string): Promise<void> {
    const [, , count] = (await link.run((redis) =>
      answers(
        redis
          .pipeline()
          .zadd(index, now(), id)
          .pexpire(index, timeoutMs * 2)
          .zcard(index),
      ),
    )) as number[];
    if ((count as number) <= max || (await makeRoom())) return;
    await link.run((redis) => redis.zrem(index, id));
    await link.run((redis) => redis.del(keyOf(id)));
    throw tooManySessions(max);
  }

  return {
    async open(record) {
      const id = randomUUID();
      const written = seal.close(JSON.stringify(record), keyOf(id));
      const session = { id, record, seen: now(), busy: 0, written, unsaved: true };
      try {
        await write(session, false);
        await register(id);
      } catch (error) {
        // Kept here alone; Redis gets it when it is asked for the next time.
        away(error);
      }
      forgetOldest();
      table.touch(session);
      return session;
    },
    async find(id, binding) {
      const known = table.get(id) as SharedSession | undefined;
      let session = known;
      try {
        const written = await link.run((redis) => redis.getex(keyOf(id), "PX", timeoutMs));
        if (written === null) {
          session = known !== undefined && (known.busy > 0 || now() - known.seen <= timeoutMs) ? known : undefined;
          if (session !== undefined) await write(session, true);
        } else if (written === ENDED) session = undefined;
        else if (known?.unsaved === true) await write(known, false);
        else if (written !== known?.written) session = copy(id, written);
      } catch (error) {
        away(error);
        if (session === undefined) return "unknown";
      }
      if (session === undefined) {
        if (table.delete(id) !== undefined) onEnd(id);
        return "none";
      }
      if (session.record.binding !== binding) return "none";
      table.touch(session);
      return session;
    },
    async change(session, record) {
      const shared = session as SharedSession;
      shared.record = record;
      shared.written = seal.close(JSON.stringify(record), keyOf(session.id));
      await write(shared, false).catch(away);
    },
    end: ({ id }) => bury(id),
    forget: (id) => void table.delete(id),
    count: () => table.size,
    close: () => clearInterval(timer),
  };
}

/** Passes on everything but Redis being away. */
function away(error: unknown): void {
  if (!(error instanceof RedisAway)) throw error;
}
