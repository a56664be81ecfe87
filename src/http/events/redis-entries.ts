/**
 * The entries of streams in Redis. An entry of a call's stream holds a batch of events and the call's head; one of a
 * standalone stream holds one message.
 * Each is sealed with its place (key, id and number), so that a copy of it in another place does not open.
 */
import { z } from "zod";
import type { Trust } from "../redis/trust.ts";
import { LAST_SEQ } from "./event-id.ts";
import type { CallHead, StoredEvent } from "./event-store.ts";
import { createSeal } from "./seal.ts";
import { seqOf } from "./standalone-ids.ts";

/** As Redis replies: names and values of the fields alternate. */
export type Entry = readonly [id: string, fields: readonly string[]];

/** The id of the entry that opens a stream: the least that Redis accepts. */
export const OPENING_ID = "0-1";
/** The id of the entry that ends a stream: no greater one exists, so that Redis accepts none after it. */
export const LAST_ID = `${LAST_SEQ}-0`;

export interface Batch {
  readonly head: CallHead;
  readonly events: readonly StoredEvent[];
  readonly last: boolean;
}

const HEAD = z.object({
  owner: z.string().max(64),
  id: z.union([z.string(), z.number()]),
  tool: z.string(),
});

/** Methods that open an entry return undefined, and count it as dropped, where it does not open. */
export interface Entries {
  /** The fields of an entry for a batch of a call's events. */
  batch(key: string, id: string, head: CallHead, events: readonly StoredEvent[]): string[];
  openBatch(key: string, entry: Entry): Batch | undefined;
  /** The fields of an entry for a message of a standalone stream. */
  standalone(key: string, id: string, data: string): string[];
  openStandalone(key: string, entry: Entry): StoredEvent | undefined;
}

export function createEntries(trust: Trust): Entries {
  const seal = createSeal(trust.encryptionKey, trust.macKey);
  const drop = (): undefined => trust.drop("record", "an event that does not open") as undefined;

  return {
    batch(key, id, head, events) {
      const newest = String(events.at(-1)?.seq ?? 0);
      const text = [JSON.stringify(head), ...events.map(({ data }) => data)].join("\n");
      return ["d", seal.close(text, placeOf(key, id, newest)), "n", newest];
    },
    openBatch(key, [id, fields]) {
      const newest = valueOf(fields, "n") ?? "";
      const [first, ...texts] = seal.open(valueOf(fields, "d") ?? "", placeOf(key, id, newest))?.split("\n") ?? [];
      const head = first === undefined ? undefined : parseHead(first);
      if (head === undefined) return drop();
      const events = texts.map((data, index) => ({ seq: Number(newest) - texts.length + 1 + index, data }));
      return { head, events, last: id === LAST_ID };
    },
    standalone: (key, id, data) => ["d", seal.close(data, placeOf(key, id, ""))],
    openStandalone(key, [id, fields]) {
      const data = seal.open(valueOf(fields, "d") ?? "", placeOf(key, id, ""));
      return data === undefined ? drop() : { seq: seqOf(id), data };
    },
  };
}

function placeOf(key: string, id: string, newest: string): string {
  return `${key} ${id} ${newest}`;
}

function parseHead(text: string): CallHead | undefined {
  try {
    return HEAD.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function valueOf(fields: readonly string[], name: string): string | undefined {
  const at = fields.indexOf(name);
  return at === -1 || at % 2 === 1 ? undefined : fields[at + 1];
}
