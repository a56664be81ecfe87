/**
 * Events in Redis: a Redis stream per stream, in the hash slot of its scope, with a time to live and a bound.
 *
 * An entry holds a batch of a call's events; its id is the number of the batch's last one, chosen by the writer, so
 * that a batch sent twice (its answer was lost) is refused the second time. The last entry always has the greatest id
 * there is, so that Redis itself admits only one. Each entry names the call too, and so survives what is trimmed before
 * it. A standalone stream has many writers: each chooses the next id, and another one where somebody was faster.
 */
import type { EventStoreConfig } from "../../config/http-config.ts";
import { runPipeline, isWrongType, type RedisLink } from "../redis/link.ts";
import { createTrust, type Trust } from "../redis/trust.ts";
import { LAST_SEQ, STANDALONE, type StreamKey } from "./event-id.ts";
import type { CallHead, EventStore, StoredEvent, StoredStream, Watch } from "./event-store.ts";
import { createEntries, LAST_ID, OPENING_ID, type Batch, type Entries, type Entry } from "./redis-entries.ts";
import { RedisWatches, WAKE } from "./redis-watches.ts";
import { idAfter, idAt, idOf, isOfTime } from "./standalone-ids.ts";
import { createWrittenStreams, type WrittenStreams } from "./written-streams.ts";

/** Redis trims whole nodes of about a hundred entries, hence "about". */
const TRIMMED = ["MAXLEN", "~", 1_000] as const;
/** Entries read at once: followers ask again until there are no more. */
const READ_COUNT = 50;
/** Pages of entries that do not open, before what is behind them counts as absent. */
const PAGES = 100;
/** Of an entry in Redis itself, about. */
const ENTRY_BYTES = 300;
/** How often others may be faster: in each round one of them has written. */
const ROUNDS = 50;

export function createRedisStore(
  link: RedisLink,
  instance: string,
  config: RedisStoreConfig,
  trust: Trust = createTrust(config),
): EventStore {
  return new RedisStore(link, instance, config, trust);
}

type RedisStoreConfig = Pick<EventStoreConfig, "ttlSeconds" | "encryptionKey"> &
  Partial<Pick<EventStoreConfig, "maxBytes">>;

class RedisStore implements EventStore {
  readonly kind = "redis";
  readonly #link: RedisLink;
  readonly #trust: Trust;
  readonly #ttlMs: number;
  readonly #entries: Entries;
  readonly #written: WrittenStreams;
  readonly #watches: RedisWatches;

  constructor(link: RedisLink, instance: string, config: RedisStoreConfig, trust: Trust) {
    this.#link = link;
    this.#trust = trust;
    this.#ttlMs = config.ttlSeconds * 1000;
    this.#entries = createEntries(trust);
    this.#written = createWrittenStreams(this.#ttlMs, config.maxBytes);
    this.#watches = new RedisWatches(link, instance, trust);
  }

  async open(streamKey: StreamKey, head: CallHead): Promise<void> {
    const key = this.#keyOf(streamKey);
    await this.#add(streamKey, OPENING_ID, this.#entries.batch(key, OPENING_ID, head, []));
  }

  append(streamKey: StreamKey, head: CallHead, events: readonly StoredEvent[], last: boolean): Promise<boolean> {
    const key = this.#keyOf(streamKey);
    const id = last ? LAST_ID : `${events.at(-1)?.seq ?? 0}-0`;
    return this.#add(streamKey, id, this.#entries.batch(key, id, head, events));
  }

  async appendStandalone(streamKey: StreamKey, data: string): Promise<void> {
    const key = this.#keyOf(streamKey);
    this.#makeRoom(key, streamKey, data.length);
    const write = (id: string) => this.#write(key, id, this.#entries.standalone(key, id, data));
    let id = idAt(Date.now());
    for (let round = 0; round < ROUNDS; round += 1) {
      try {
        return await write(id);
      } catch (error) {
        if (!isTaken(error) && !isWrongType(error)) throw error;
        id = await this.#nextStandaloneId(key);
      }
    }
    await this.#discard(key);
    await write(id);
  }

  read(streamKey: StreamKey, seq: number): Promise<StoredStream | undefined> {
    const key = this.#keyOf(streamKey);
    if (streamKey.stream === STANDALONE)
      return this.#readOr(key, () => this.#readStandalone(key, seq), { events: [], ended: false });
    return this.#readOr(key, () => this.#readCall(key, seq), undefined);
  }

  newestStandalone(streamKey: StreamKey): Promise<number> {
    const key = this.#keyOf(streamKey);
    const read = async () => {
      const newest = await this.#newestOf(key, (entry) => this.#entries.openStandalone(key, entry));
      return newest?.[0]?.seq ?? 0;
    };
    return this.#readOr(key, read, 0);
  }

  watch(streamKey: StreamKey, wake: () => void, superseded: () => void): Watch {
    return this.#watches.watch(this.#keyOf(streamKey), wake, superseded);
  }

  stats(): Readonly<Record<string, number>> {
    return this.#written.stats();
  }

  #keyOf({ scope, stream }: StreamKey): string {
    return `${this.#link.prefix}:{${scope}}:${stream}`;
  }

  /** Rejects where the key holds no stream, or an entry of that id or a greater one. */
  async #write(key: string, id: string, fields: readonly string[]): Promise<void> {
    await this.#link.run((redis) => {
      const pipeline = redis
        .pipeline()
        .xadd(key, ...TRIMMED, id, ...fields)
        .pexpire(key, this.#ttlMs);
      // A stream has no readers before it is open.
      return runPipeline(id === OPENING_ID ? pipeline : pipeline.publish(key, WAKE));
    });
  }

  /** Counts what is about to be kept, and drops what is then too much. */
  #makeRoom(key: string, { owner }: StreamKey, bytes: number): void {
    for (const excess of this.#written.add(key, owner, ENTRY_BYTES + bytes))
      this.#link.run((redis) => redis.unlink(excess)).catch(() => undefined);
  }

  /** False where Redis refuses the id: the entry, or the last one, is already there. */
  async #add(streamKey: StreamKey, id: string, fields: readonly string[]): Promise<boolean> {
    const key = this.#keyOf(streamKey);
    this.#makeRoom(
      key,
      streamKey,
      fields.reduce((sum, field) => sum + field.length, 0),
    );
    try {
      await this.#write(key, id, fields);
      return true;
    } catch (error) {
      if (!isTaken(error) && !isWrongType(error)) throw error;
      if (isTaken(error) && (await this.#newestIsOurs(key))) return false;
    }
    // Something else is in the way: this stream's events are worth more than it.
    await this.#discard(key);
    await this.#write(key, id, fields);
    return true;
  }

  /** The id behind the newest entry. What no instance can have written there is discarded. */
  async #nextStandaloneId(key: string): Promise<string> {
    const now = Date.now();
    const newest = await this.#readOr(key, () => this.#newest(key), undefined);
    if (newest === undefined) return idAt(now);
    if (isOfTime(newest[0], now)) return idAfter(newest[0]);
    await this.#discard(key);
    return idAt(now);
  }

  async #newest(key: string): Promise<Entry | undefined> {
    const [newest] = (await this.#link.run((redis) => redis.xrevrange(key, "+", "-", "COUNT", 1))) as Entry[];
    return newest;
  }

  async #newestIsOurs(key: string): Promise<boolean> {
    const newest = await this.#newest(key);
    return newest !== undefined && this.#entries.openBatch(key, newest) !== undefined;
  }

  async #discard(key: string): Promise<void> {
    this.#trust.drop("record", "in the place of a stream");
    await this.#link.run((redis) => redis.del(key));
  }

  /** What `read` answers; `otherwise` where the key holds no stream. */
  async #readOr<Value>(key: string, read: () => Promise<Value>, otherwise: Value): Promise<Value> {
    try {
      return await read();
    } catch (error) {
      if (!isWrongType(error)) throw error;
      await this.#discard(key);
      return otherwise;
    }
  }

  async #readStandalone(key: string, seq: number): Promise<StoredStream> {
    const events = await this.#entriesAfter(key, idOf(seq), (entry) => this.#entries.openStandalone(key, entry));
    return { events: events ?? [], ended: false };
  }

  async #readCall(key: string, seq: number): Promise<StoredStream | undefined> {
    const open: Open<Batch> = (entry) => this.#entries.openBatch(key, entry);
    const found = await this.#entriesAfter(key, `${seq}-0`, open);
    if (found !== undefined && found.length > 0) return kept(found, seq);
    // Where all has been read, the newest entry still says whose call it is and whether it has ended.
    const newest = await this.#newestOf(key, open);
    return newest && kept(newest.slice(0, 1), seq);
  }

  #entriesAfter<Value>(key: string, id: string, open: Open<Value>) {
    return findOpened(`(${id}`, open, (start) =>
      this.#link.run((redis) => redis.xrange(key, start, "+", "COUNT", READ_COUNT)),
    );
  }

  /** The newest entry that opens, or none. */
  #newestOf<Value>(key: string, open: Open<Value>) {
    let count = 1;
    return findOpened("+", open, (end) => {
      const read = this.#link.run((redis) => redis.xrevrange(key, end, "-", "COUNT", count));
      count = READ_COUNT;
      return read;
    });
  }
}

/** Whether Redis refuses an id, since a greater one or the same is there, or was. */
function isTaken(error: unknown): boolean {
  return /equal or smaller|exhausted the last possible ID/.test((error as Error).message);
}

type Open<Value> = (entry: Entry) => Value | undefined;

/**
 * The first entries that open of those that `read` finds, page by page: what does not open hides nothing behind it.
 * Undefined: there is nothing at all.
 */
async function findOpened<Value>(
  start: string,
  open: Open<Value>,
  read: (start: string) => Promise<unknown>,
): Promise<readonly Value[] | undefined> {
  for (let pages = 0, from = start; pages < PAGES; pages += 1) {
    const found = (await read(from)) as readonly Entry[];
    const opened = found.map(open).filter((value) => value !== undefined);
    const last = found.at(-1);
    if (opened.length > 0) return opened;
    if (last === undefined) return pages === 0 ? undefined : [];
    from = `(${last[0]}`;
  }
  return [];
}

/** What the batches of a call hold after `seq`, each event once: one that was sent again may have grown in between. */
function kept(batches: readonly Batch[], seq: number): StoredStream {
  let top = seq;
  const events: StoredEvent[] = [];
  for (const event of batches.flatMap((batch) => batch.events)) {
    if (event.seq <= top) continue;
    top = event.seq;
    events.push(event);
  }
  const head = batches.at(-1)?.head;
  return { events, ended: seq === LAST_SEQ || batches.some(({ last }) => last), ...(head && { head }) };
}
