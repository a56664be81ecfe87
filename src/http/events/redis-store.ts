/**
 * An event store in Redis: a Redis stream for each stream, in the hash slot of its scope, with a time to live and a
 * maximum length.
 *
 * An entry of a call holds a batch of its events. The writer chooses its id, the number of the batch's last event. So a
 * batch that is sent again, because the first reply was lost, is refused. The entry that ends a stream has the greatest
 * possible id, so that Redis accepts only one. Each entry holds the call's head too, so that it is complete even when
 * earlier ones were trimmed.
 * A standalone stream has many writers: each takes the next id, and tries another where that has been taken.
 */
import type { EventStoreConfig } from "../../config/http-config.ts";
import { runPipeline, isWrongType, type RedisLink } from "../redis/link.ts";
import { createTrust, type Trust } from "../redis/trust.ts";
import { LAST_SEQ, STANDALONE, type StreamKey } from "./event-id.ts";
import type { CallHead, EventStore, StoredEvent, StoredStream, Watch } from "./event-store.ts";
import { createEntries, LAST_ID, OPENING_ID, type Batch, type Entries, type Entry } from "./redis-entries.ts";
import { RedisWatches, WAKE } from "./redis-watches.ts";
import { idAfter, idAt, idOfSeq, isNearTime } from "./standalone-ids.ts";
import { createWrittenStreams, type WrittenStreams } from "./written-streams.ts";

/** Options of XADD: `~` lets Redis trim whole nodes of about a hundred entries, which is cheaper. */
const TRIM = ["MAXLEN", "~", 1_000] as const;
/** Entries in one read; followers read again until there are no more. */
const READ_COUNT = 50;
/** How many reads in a row may find nothing that opens, before later entries count as absent. */
const MAX_PAGES = 100;
/** About what an entry takes in Redis besides its fields. */
const ENTRY_BYTES = 300;
/** How often an id may be taken by another writer before the stream is discarded. */
const MAX_ATTEMPTS = 50;

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
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
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
      return this.#readOrDiscard(key, () => this.#readStandalone(key, seq), { events: [], ended: false });
    return this.#readOrDiscard(key, () => this.#readCall(key, seq), undefined);
  }

  newestStandalone(streamKey: StreamKey): Promise<number> {
    const key = this.#keyOf(streamKey);
    const read = async () => {
      const newest = await this.#newestOf(key, (entry) => this.#entries.openStandalone(key, entry));
      return newest?.[0]?.seq ?? 0;
    };
    return this.#readOrDiscard(key, read, 0);
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

  /** Adds an entry. Rejects where the key holds something else than a stream, or an equal or greater id. */
  async #write(key: string, id: string, fields: readonly string[]): Promise<void> {
    await this.#link.run((redis) => {
      const pipeline = redis
        .pipeline()
        .xadd(key, ...TRIM, id, ...fields)
        .pexpire(key, this.#ttlMs);
      // Nobody watches a stream before it is open.
      return runPipeline(id === OPENING_ID ? pipeline : pipeline.publish(key, WAKE));
    });
  }

  /** Counts what is about to be written, and removes streams that are then over the limits. */
  #makeRoom(key: string, { owner }: StreamKey, bytes: number): void {
    for (const excess of this.#written.add(key, owner, ENTRY_BYTES + bytes))
      this.#link.run((redis) => redis.unlink(excess)).catch(() => undefined);
  }

  /** False where Redis refuses the id: this entry, or the end of the stream, is already there. */
  async #add(streamKey: StreamKey, id: string, fields: readonly string[]): Promise<boolean> {
    const key = this.#keyOf(streamKey);
    const size = fields.reduce((sum, field) => sum + field.length, 0);
    this.#makeRoom(key, streamKey, size);
    try {
      await this.#write(key, id, fields);
      return true;
    } catch (error) {
      if (!isTaken(error) && !isWrongType(error)) throw error;
      if (isTaken(error) && (await this.#newestIsOurs(key))) return false;
    }
    // The key holds something that no instance has written: this stream replaces it.
    await this.#discard(key);
    await this.#write(key, id, fields);
    return true;
  }

  /** The id after the newest entry's. Where no instance can have chosen that one, the stream is discarded. */
  async #nextStandaloneId(key: string): Promise<string> {
    const now = Date.now();
    const newest = await this.#readOrDiscard(key, () => this.#newest(key), undefined);
    if (newest === undefined) return idAt(now);
    if (isNearTime(newest[0], now)) return idAfter(newest[0]);
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

  /** The result of `read`; where the key holds something else than a stream, that is removed, and `otherwise`. */
  async #readOrDiscard<Value>(key: string, read: () => Promise<Value>, otherwise: Value): Promise<Value> {
    try {
      return await read();
    } catch (error) {
      if (!isWrongType(error)) throw error;
      await this.#discard(key);
      return otherwise;
    }
  }

  async #readStandalone(key: string, seq: number): Promise<StoredStream> {
    const events = await this.#entriesAfter(key, idOfSeq(seq), (entry) => this.#entries.openStandalone(key, entry));
    return { events: events ?? [], ended: false };
  }

  async #readCall(key: string, seq: number): Promise<StoredStream | undefined> {
    const open: Open<Batch> = (entry) => this.#entries.openBatch(key, entry);
    const found = await this.#entriesAfter(key, `${seq}-0`, open);
    if (found !== undefined && found.length > 0) return mergeBatches(found, seq);
    // Without new events, the newest entry still has the call's head, and says whether the stream has ended.
    const newest = await this.#newestOf(key, open);
    return newest && mergeBatches(newest.slice(0, 1), seq);
  }

  /** The first entries after an id that open. */
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

/** Whether Redis refused an id because an equal or greater one is, or was, in the stream. */
function isTaken(error: unknown): boolean {
  return /equal or smaller|exhausted the last possible ID/.test((error as Error).message);
}

type Open<Value> = (entry: Entry) => Value | undefined;

/**
 * Reads page after page until one has entries that open, and returns those: entries that do not open hide none after
 * them. Undefined: there are no entries at all.
 */
async function findOpened<Value>(
  start: string,
  open: Open<Value>,
  read: (start: string) => Promise<unknown>,
): Promise<readonly Value[] | undefined> {
  for (let pages = 0, from = start; pages < MAX_PAGES; pages += 1) {
    const found = (await read(from)) as readonly Entry[];
    const opened = found.map(open).filter((value) => value !== undefined);
    const last = found.at(-1);
    if (opened.length > 0) return opened;
    if (last === undefined) return pages === 0 ? undefined : [];
    from = `(${last[0]}`;
  }
  return [];
}

/** The events of a call's batches after `seq`, each once: batches overlap where a writer has sent events again. */
function mergeBatches(batches: readonly Batch[], seq: number): StoredStream {
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
