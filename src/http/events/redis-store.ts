/**
 * Events in Redis: a Redis stream per stream, in the hash slot of its scope, with a time to live and a bound.
 *
 * An entry holds a batch of a call's events; its id is the number of the batch's last one, chosen by the writer, so
 * that a batch sent twice (its answer was lost) is refused the second time. The last entry always has the greatest id
 * there is, so that Redis itself admits only one. Each entry names the call too, and so survives what is trimmed before
 * it. A standalone stream has many writers: there Redis chooses the id, and the number is made from it.
 */
import type { EventStoreConfig } from "../../config/http-config.ts";
import { answers, type RedisLink } from "../redis/link.ts";
import { LAST_SEQ, STANDALONE, type StreamKey } from "./event-id.ts";
import type { CallHead, EventStore, StoredStream, StoredEvent } from "./event-store.ts";
import { createSeal } from "./seal.ts";
import { Watchers } from "./watchers.ts";

type Entry = readonly [id: string, fields: readonly string[]];

/** Before every event, after "nothing". */
const OPENING_ID = "0-1";
const LAST_ID = `${LAST_SEQ}-0`;
/** Events per millisecond that a standalone stream's numbers can tell apart. */
const PER_MS = 1_000;
/** Redis trims whole nodes of about a hundred entries, hence "about". */
const TRIMMED = ["MAXLEN", "~", 1_000] as const;
/** Entries read at once: followers ask again until there are no more. */
const READ_COUNT = 500;

export function createRedisStore(
  link: RedisLink,
  instance: string,
  config: Pick<EventStoreConfig, "ttlSeconds" | "encryptionKey">,
): EventStore {
  const seal = createSeal(config.encryptionKey);
  const ttlMs = config.ttlSeconds * 1000;
  const watchers = new Watchers();
  const subscriptions = new Map<string, () => void>();
  let tokens = 0;

  const keyOf = ({ scope, stream }: StreamKey) => `${link.prefix}:{${scope}}:${stream}`;

  /** False where Redis refuses the id: the entry, or the last one, is already there. */
  async function add(
    key: string,
    id: string,
    lines: readonly string[],
    fields: readonly (string | number)[] = [],
  ): Promise<boolean> {
    try {
      await link.run((redis) => {
        const pipeline = redis
          .pipeline()
          .xadd(key, ...TRIMMED, id, "d", seal.close(lines.join("\n"), key), ...fields)
          .pexpire(key, ttlMs);
        // A stream has no readers before it is open.
        return answers(id === OPENING_ID ? pipeline : pipeline.publish(key, ""));
      });
      return true;
    } catch (error) {
      if ((error as Error).message.includes("equal or smaller")) return false;
      throw error;
    }
  }

  function kept(key: string, entries: readonly Entry[], seq: number): StoredStream {
    let head: CallHead | undefined;
    let ended = seq === LAST_SEQ;
    let top = seq;
    const events: StoredEvent[] = [];
    for (const [id, fields] of entries) {
      const batch = seal.open(valueOf(fields, "d") ?? "", key)?.split("\n");
      if (batch === undefined) continue;
      head = JSON.parse(batch[0] as string) as CallHead;
      ended ||= id === LAST_ID;
      const last = Number(valueOf(fields, "n") ?? id.split("-")[0]);
      const data = batch.slice(1);
      data.forEach((text, index) => {
        const number = last - data.length + 1 + index;
        // A batch that was sent again may have grown in between.
        if (number > top) events.push({ seq: (top = number), data: text });
      });
    }
    return { events, ended, ...(head && { head }) };
  }

  return {
    kind: "redis",
    async open(key, head) {
      await add(keyOf(key), OPENING_ID, [JSON.stringify(head)]);
    },
    append(key, head, events, last) {
      const newest = events.at(-1)?.seq ?? 0;
      const lines = [JSON.stringify(head), ...events.map(({ data }) => data)];
      return last ? add(keyOf(key), LAST_ID, lines, ["n", newest]) : add(keyOf(key), `${newest}-0`, lines);
    },
    async appendStandalone(key, data) {
      await add(keyOf(key), "*", [data]);
    },
    async read(streamKey, seq) {
      const key = keyOf(streamKey);
      if (streamKey.stream === STANDALONE) {
        const entries = (await link.run((redis) =>
          redis.xrange(key, `(${Math.floor(seq / PER_MS)}-${seq % PER_MS}`, "+", "COUNT", READ_COUNT),
        )) as Entry[];
        return {
          events: entries.flatMap(([id, fields]) => standalone(id, seal.open(valueOf(fields, "d") ?? "", key))),
          ended: false,
        };
      }
      const [found, newest] = (await link.run((redis) =>
        answers(
          redis.pipeline().xrange(key, `(${seq}-0`, "+", "COUNT", READ_COUNT).xrevrange(key, "+", "-", "COUNT", 1),
        ),
      )) as [Entry[], Entry[]];
      if (newest.length === 0) return undefined;
      // Where all has been read, the newest entry still says whose call it is and whether it has ended.
      return kept(key, found.length === 0 ? newest : found, seq);
    },
    async newestStandalone(key) {
      const [entry] = (await link.run((redis) => redis.xrevrange(keyOf(key), "+", "-", "COUNT", 1))) as Entry[];
      return entry === undefined ? 0 : numberOf(entry[0]);
    },
    watch(streamKey, wake, superseded) {
      const channel = keyOf(streamKey);
      const token = `${instance}.${(tokens += 1)}`;
      const { first, remove } = watchers.add(channel, { token, wake, superseded });
      if (first) {
        subscriptions.set(
          channel,
          link.subscribe(channel, (message) => {
            if (message === "") watchers.wake(channel);
            else watchers.supersede(channel, message);
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
          link.run((redis) => redis.publish(channel, token)).catch(() => undefined);
        },
      };
    },
    stats: () => ({}),
  };
}

function standalone(id: string, data: string | undefined): StoredEvent[] {
  return data === undefined ? [] : [{ seq: numberOf(id), data }];
}

function numberOf(id: string): number {
  const [ms = "0", nth = "0"] = id.split("-");
  return Number(ms) * PER_MS + Number(nth);
}

function valueOf(fields: readonly string[], name: string): string | undefined {
  const at = fields.indexOf(name);
  return at === -1 ? undefined : fields[at + 1];
}
