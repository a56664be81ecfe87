/**
 * Sessions that outlive an instance: each is a record in Redis, and every instance keeps copies of those it has served.
 *
 * Redis decides whether a session lives. While Redis is away, an instance serves from its copies.
 * A copy also restores a session that Redis has lost, as after a restart without its data or a failover. It does not
 * restore a session that has ended, for which Redis holds ENDED, or one that has expired by the copy's last use.
 */
import { randomUUID } from "node:crypto";
import { createSeal } from "../../events/seal.ts";
import { isWrongType, RedisAway, type RedisLink } from "../../redis/link.ts";
import { createTrust, type Trust } from "../../redis/trust.ts";
import { SWEEP_MS, tooManySessions, type SessionLimits } from "./memory-sessions.ts";
import { SessionIndex } from "./session-index.ts";
import { ENDED, parseSessionRecord } from "./session-schema.ts";
import { SessionTable } from "./session-table.ts";
import { ownerOf, type OnEnd, type Session, type SessionLookup, type SessionRecord, type Sessions } from "./session.ts";

interface SharedSession extends Session {
  /** The record as it is written in Redis. */
  written: string;
  /** Whether Redis does not have the record yet. */
  unsaved: boolean;
}

export interface RedisSessionsParts {
  readonly link: RedisLink;
  readonly encryptionKey: Uint8Array | null;
  /** Default: made from the encryption key. */
  readonly trust?: Trust;
  readonly limits: SessionLimits;
  readonly onEnd: OnEnd;
  readonly now?: () => number;
}

export class RedisSessions implements Sessions {
  readonly #link: RedisLink;
  readonly #limits: SessionLimits;
  readonly #onEnd: OnEnd;
  readonly #now: () => number;
  readonly #seal: ReturnType<typeof createSeal>;
  readonly #trust: Trust;
  readonly #table: SessionTable;
  readonly #index: SessionIndex;
  readonly #timer: NodeJS.Timeout;

  constructor({ link, encryptionKey, limits, onEnd, now = Date.now, ...parts }: RedisSessionsParts) {
    const { timeoutMs } = limits;
    const trust = parts.trust ?? createTrust({ encryptionKey });
    const sweepMs = Math.min(SWEEP_MS, Math.ceil(timeoutMs / 4));
    this.#link = link;
    this.#limits = limits;
    this.#onEnd = onEnd;
    this.#now = now;
    this.#trust = trust;
    this.#seal = createSeal(encryptionKey, trust.macKey);
    this.#table = new SessionTable(now);
    this.#index = new SessionIndex({
      link,
      trust,
      timeoutMs,
      sweepMs,
      keyOf: (id) => this.#keyOf(id),
      ownerOf: (id, written) => this.#ownerOfWritten(id, written),
      endSession: async (id, owner) => {
        await this.#markEnded(id, owner);
        onEnd(id);
      },
      now,
    });
    this.#timer = setInterval(() => this.#renewInUse(), sweepMs);
    this.#timer.unref();
  }

  async open(record: SessionRecord): Promise<Session> {
    const id = randomUUID();
    const session = { id, record, seen: this.#now(), busy: 0, written: this.#sealed(id, record), unsaved: true };
    try {
      await this.#write(session, false);
      await this.#register(id, ownerOf(record));
    } catch (error) {
      // Only this instance has the session, until `find` writes it when Redis is back.
      ignoreRedisAway(error);
    }
    this.#boundCopies();
    this.#table.touch(session);
    return session;
  }

  async find(id: string, binding: string): Promise<SessionLookup> {
    const session = await this.#lookUp(id);
    if (session === "unknown") return "unknown";
    if (session === undefined) {
      const wasKnown = this.#table.delete(id) !== undefined;
      if (wasKnown) this.#onEnd(id);
      return "none";
    }
    if (session.record.binding !== binding) return "none";
    this.#table.touch(session);
    return session;
  }

  async change(session: Session, record: SessionRecord): Promise<void> {
    const shared = session as SharedSession;
    shared.record = record;
    shared.written = this.#sealed(session.id, record);
    await this.#write(shared, false).catch(ignoreRedisAway);
  }

  end({ id, record }: Session): Promise<void> {
    return this.#markEnded(id, ownerOf(record));
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

  /** The session as Redis has it; while Redis is away the copy, or "unknown" where there is no copy. */
  async #lookUp(id: string): Promise<SharedSession | "unknown" | undefined> {
    const copy = this.#copyOf(id);
    let session = copy;
    try {
      const written = await this.#fetch(id);
      const record = written === null ? undefined : this.#read(id, written);
      session = this.#current(id, written, record, copy);
      // An unreadable record is overwritten. A missing one is written only if it is still missing: another instance may
      // have written it since.
      const missing = record === undefined;
      if (session !== undefined && (missing || copy?.unsaved === true)) await this.#write(session, written === null);
    } catch (error) {
      ignoreRedisAway(error);
      return session ?? "unknown";
    }
    return session;
  }

  /** Reads the record and renews its expiry. A key of another type counts as missing and is removed. */
  async #fetch(id: string): Promise<string | null> {
    const key = this.#keyOf(id);
    try {
      return await this.#link.run((redis) => redis.getex(key, "PX", this.#limits.timeoutMs));
    } catch (error) {
      if (!isWrongType(error)) throw error;
      this.#trust.drop("record", "of another type than a session");
      await this.#link.run((redis) => redis.del(key));
      return null;
    }
  }

  /** The session, from what Redis has and this instance's copy; undefined where it has ended, expired or never was. */
  #current(
    id: string,
    written: string | null,
    record: SessionRecord | typeof ENDED | undefined,
    copy: SharedSession | undefined,
  ): SharedSession | undefined {
    if (record === ENDED) return undefined;
    if (written === null || record === undefined)
      return isFresh(copy, this.#now(), this.#limits.timeoutMs) ? copy : undefined;
    if (copy !== undefined && (copy.unsaved || copy.written === written)) return copy;
    if (copy !== undefined) return Object.assign(copy, { record, written });
    this.#boundCopies();
    return { id, record, seen: this.#now(), busy: 0, written, unsaved: false };
  }

  /** Opens a record; undefined where that fails, as with another encryption key. */
  #read(id: string, written: string): SessionRecord | typeof ENDED | undefined {
    const text = this.#seal.open(written, this.#keyOf(id));
    const record = text === undefined ? undefined : parseSessionRecord(text);
    if (record === undefined) this.#trust.drop("record", "a session that does not open");
    return record;
  }

  #ownerOfWritten(id: string, written: unknown): string | undefined {
    const record = typeof written === "string" ? this.#read(id, written) : undefined;
    return typeof record === "object" ? ownerOf(record) : undefined;
  }

  async #write(session: SharedSession, onlyIfAbsent: boolean): Promise<void> {
    const key = this.#keyOf(session.id);
    const { timeoutMs } = this.#limits;
    session.unsaved = true;
    await this.#link.run<unknown>((redis) => {
      if (onlyIfAbsent) return redis.set(key, session.written, "PX", timeoutMs, "NX");
      return redis.set(key, session.written, "PX", timeoutMs);
    });
    session.unsaved = false;
  }

  /** Adds the session to the index. Throws HttpRefusal 503 where there are too many and none can be evicted. */
  async #register(id: string, owner: string): Promise<void> {
    const { max } = this.#limits;
    const count = await this.#index.add(id, owner);
    if (count <= max || (await this.#index.evict(owner))) return;
    await this.#index.remove(owner, id);
    await this.#link.run((redis) => redis.del(this.#keyOf(id)));
    throw tooManySessions(max);
  }

  async #markEnded(id: string, owner: string): Promise<void> {
    const key = this.#keyOf(id);
    const mark = this.#seal.close(ENDED, key);
    await this.#link.run((redis) => redis.set(key, mark, "PX", this.#limits.timeoutMs));
    this.#table.delete(id);
    await this.#index.remove(owner, id);
  }

  #renewInUse(): void {
    const { timeoutMs } = this.#limits;
    for (const { id } of this.#table.sweep(timeoutMs).inUse)
      void this.#link.run((redis) => redis.pexpire(this.#keyOf(id), timeoutMs)).catch(ignoreRedisAway);
  }

  /** Makes room for one more copy. Dropping a copy does not end its session. */
  #boundCopies(): void {
    if (this.#table.size < this.#limits.max) return;
    const oldest = this.#table.oldest();
    if (oldest !== undefined) this.#table.delete(oldest.id);
  }

  #copyOf(id: string): SharedSession | undefined {
    return this.#table.get(id) as SharedSession | undefined;
  }

  #sealed(id: string, record: SessionRecord): string {
    return this.#seal.close(JSON.stringify(record), this.#keyOf(id));
  }

  #keyOf(id: string): string {
    return `${this.#link.prefix}:{${id}}:session`;
  }
}

/** Whether a copy is recent enough to restore a session that Redis does not have. */
function isFresh(copy: SharedSession | undefined, now: number, timeoutMs: number): boolean {
  return copy !== undefined && (copy.busy > 0 || now - copy.seen <= timeoutMs);
}

function ignoreRedisAway(error: unknown): void {
  if (!(error instanceof RedisAway)) throw error;
}
