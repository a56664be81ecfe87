/**
 * Events in Redis: a Redis stream per stream, in the hash slot of its scope, with a time to live and a bound.
 *
 * An entry holds a batch of a call's events; its id is the number of the batch's last one, chosen by the writer, so
 * that a batch sent twice (its answer was lost) is refused the second time. The last entry always has the greatest id
 * there is, so that Redis itself admits only one. Each entry names the call too, and so survives what is trimmed before
 * it. A standalone stream has many writers: there Redis chooses the id, and the number is made from it.
 */
import type { EventStoreConfig } from "../../config/http-config.ts";
import { answers, isWrongType, type RedisLink } from "../redis/link.ts";
import { createTrust, type Trust } from "../redis/trust.ts";
import { createSignedMessages } from "../redis/signed-messages.ts";
import { LAST_SEQ, STANDALONE, type StreamKey } from "./event-id.ts";
import type { EventStore, StoredStream, StoredEvent } from "./event-store.ts";
import {
  createEntries,
  isOfTime,
  LAST_ID,
  NEXT_ID,
  OPENING_ID,
  PER_MS,
  type Batch,
  type Entry,
} from "./redis-entries.ts";
import { createWrittenStreams } from "./written-streams.ts";
import { Watchers } from "./watchers.ts";

/** Redis trims whole nodes of about a hundred entries, hence "about". */
const TRIMMED = ["MAXLEN", "~", 1_000] as const;
/** Entries read at once: followers ask again until there are no more. */
const READ_COUNT = 50;
/** Pages of entries that do not open, before what is behind them counts as absent. */
const PAGES = 100;
/** Of an entry in Redis itself, about. */
const ENTRY_BYTES = 300;
/** On a stream's channel, for "there is more": it says nothing that reading would not tell. */
const WAKE = "";

export function createRedisStore(
  link: RedisLink,
  instance: string,
  config: Pick<EventStoreConfig, "ttlSeconds" | "encryptionKey"> & Partial<Pick<EventStoreConfig, "maxBytes">>,
  trust: Trust = createTrust(config),
): EventStore {
  const entries = createEntries(trust);
  const messages = createSignedMessages(trust.macKey, instance);
  const ttlMs = config.ttlSeconds * 1000;
  const written = createWrittenStreams(ttlMs, config.maxBytes);
  const watchers = new Watchers();
  const subscriptions = new Map<string, () => void>();
  let tokens = 0;

  const keyOf = ({ scope, stream }: StreamKey) => `${link.prefix}:{${scope}}:${stream}`;

  /** Resolves with the entry's id. */
  async function write(key: string, id: string, fields: readonly string[]): Promise<string> {
    const [given] = await link.run((redis) => {
      const pipeline = redis
        .pipeline()
        .xadd(key, ...TRIMMED, id, ...fields)
        .pexpire(key, ttlMs);
      // A stream has no readers before it is open.
      return answers(id === OPENING_ID ? pipeline : pipeline.publish(key, WAKE));
    });
    return given as string;
  }

  /** False where Redis refuses the id: the entry, or the last one, is already there. */
  async function add(streamKey: StreamKey, id: string, fields: readonly string[]): Promise<boolean> {
    const key = keyOf(streamKey);
    const bytes = fields.reduce((sum, field) => sum + field.length, ENTRY_BYTES);
    for (const excess of written.add(key, streamKey.owner, bytes))
      link.run((redis) => redis.unlink(excess)).catch(() => undefined);
    try {
      const given = await write(key, id, fields);
      if (id !== NEXT_ID || isOfTime(given, Date.now())) return true;
    } catch (error) {
      const refused = (error as Error).message.includes("equal or smaller");
      if (!refused && !isWrongType(error)) throw error;
      if (refused && (await newestIsOurs(key))) return false;
    }
    // Something else is in the way: this stream's events are worth more than it.
    await discard(key);
    await write(key, id, fields);
    return true;
  }

  async function newestIsOurs(key: string): Promise<boolean> {
    const [newest] = (await link.run((redis) => redis.xrevrange(key, "+", "-", "COUNT", 1))) as Entry[];
    return newest !== undefined && entries.openBatch(key, newest) !== undefined;
  }

  async function discard(key: string): Promise<void> {
    trust.drop("record", "in the place of a stream");
    await link.run((redis) => redis.del(key));
  }

  /** What `read` answers; `otherwise` where the key holds no stream. */
  async function reading<Value>(key: string, read: () => Promise<Value>, otherwise: Value): Promise<Value> {
    try {
      return await read();
    } catch (error) {
      if (!isWrongType(error)) throw error;
      await discard(key);
      return otherwise;
    }
  }

  /**
   * The first entries that open of those that `read` finds, page by page: what does not open hides nothing behind it.
   * Undefined: there is nothing at all.
   */
  async function opening<Value>(
    start: string,
    open: (entry: Entry) => Value | undefined,
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

  function entriesAfter<Value>(key: string, id: string, open: (entry: Entry) => Value | undefined) {
    return opening(`(${id}`, open, (start) => link.run((redis) => redis.xrange(key, start, "+", "COUNT", READ_COUNT)));
  }

  /** The newest entry that opens, or none. */
  function newestOf<Value>(key: string, open: (entry: Entry) => Value | undefined) {
    let count = 1;
    return opening("+", open, (end) => {
      const read = link.run((redis) => redis.xrevrange(key, end, "-", "COUNT", count));
      count = READ_COUNT;
      return read;
    });
  }

  async function readStandalone(key: string, seq: number): Promise<StoredStream> {
    const after = `${Math.floor(seq / PER_MS)}-${seq % PER_MS}`;
    const events = await entriesAfter(key, after, (entry) => entries.openStandalone(key, entry));
    return { events: events ?? [], ended: false };
  }

  async function readCall(key: string, seq: number): Promise<StoredStream | undefined> {
    const open = (entry: Entry) => entries.openBatch(key, entry);
    const found = await entriesAfter(key, `${seq}-0`, open);
    if (found !== undefined && found.length > 0) return kept(found, seq);
    // Where all has been read, the newest entry still says whose call it is and whether it has ended.
    const newest = await newestOf(key, open);
    return newest && kept(newest.slice(0, 1), seq);
  }

  return {
    kind: "redis",
    async open(streamKey, head) {
      const key = keyOf(streamKey);
      await add(streamKey, OPENING_ID, entries.batch(key, OPENING_ID, head, []));
    },
    append(streamKey, head, events, last) {
      const key = keyOf(streamKey);
      const id = last ? LAST_ID : `${events.at(-1)?.seq ?? 0}-0`;
      return add(streamKey, id, entries.batch(key, id, head, events));
    },
    async appendStandalone(streamKey, data) {
      const key = keyOf(streamKey);
      await add(streamKey, NEXT_ID, entries.standalone(key, data));
    },
    read(streamKey, seq) {
      const key = keyOf(streamKey);
      if (streamKey.stream === STANDALONE)
        return reading(key, () => readStandalone(key, seq), { events: [], ended: false });
      return reading(key, () => readCall(key, seq), undefined);
    },
    newestStandalone(streamKey) {
      const key = keyOf(streamKey);
      const read = async () => {
        const newest = await newestOf(key, (entry) => entries.openStandalone(key, entry));
        return newest?.[0]?.seq ?? 0;
      };
      return reading(key, read, 0);
    },
    watch(streamKey, wake, superseded) {
      const channel = keyOf(streamKey);
      const token = `${instance}.${(tokens += 1)}`;
      const { first, remove } = watchers.add(channel, { token, wake, superseded });
      if (first) {
        subscriptions.set(
          channel,
          link.subscribe(channel, (text) => {
            if (text === WAKE) return watchers.wake(channel);
            const opened = messages.open(channel, text);
            if ("fault" in opened) trust.drop("message", opened.fault);
            else watchers.supersede(channel, opened.payload);
          }),
        );
      }
      return {
        unwatch() {
          if (!remove()) return;
          subscriptions.get(channel)?.();
          subscriptions.delete(channel);
        },
        takeOver() {
          watchers.supersede(channel, token);
          link.run((redis) => redis.publish(channel, messages.close(channel, token))).catch(() => undefined);
        },
      };
    },
    stats: () => written.stats(),
  };
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
