/**
 * An entry of a stream in Redis, and what it stands for. An entry of a call holds a batch of its events and names the
 * call; one of a standalone stream holds one message. Each opens in its own place only: its key, its id, its number. So
 * a copy elsewhere in the stream is none.
 */
import { z } from "zod";
import type { Trust } from "../redis/trust.ts";
import { LAST_SEQ } from "./event-id.ts";
import type { CallHead, StoredEvent } from "./event-store.ts";
import { createSeal } from "./seal.ts";
import { numberOf } from "./standalone-ids.ts";

/** As Redis answers it: fields are names and values in turn. */
export type Entry = readonly [id: string, fields: readonly string[]];

/** Before every event, after "nothing". */
export const OPENING_ID = "0-1";
/** Greater than any other, so that Redis itself admits only one. */
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

export interface Entries {
  /** The fields of a batch whose newest event has the number `newest`. */
  batch(key: string, id: string, head: CallHead, events: readonly StoredEvent[]): string[];
  openBatch(key: string, entry: Entry): Batch | undefined;
  standalone(key: string, id: string, data: string): string[];
  openStandalone(key: string, entry: Entry): StoredEvent | undefined;
}

export function createEntries(trust: Trust): Entries {
  const seal = createSeal(trust.encryptionKey, trust.macKey);
  const unfit = (): undefined => trust.drop("record", "an event that does not open") as undefined;

  return {
    batch(key, id, head, events) {
      const newest = String(events.at(-1)?.seq ?? 0);
      const text = [JSON.stringify(head), ...events.map(({ data }) => data)].join("\n");
      return ["d", seal.close(text, placeOf(key, id, newest)), "n", newest];
    },
    openBatch(key, [id, fields]) {
      const newest = valueOf(fields, "n") ?? "";
      const [first, ...texts] = seal.open(valueOf(fields, "d") ?? "", placeOf(key, id, newest))?.split("\n") ?? [];
      const head = first === undefined ? undefined : headOf(first);
      if (head === undefined) return unfit();
      const events = texts.map((data, index) => ({ seq: Number(newest) - texts.length + 1 + index, data }));
      return { head, events, last: id === LAST_ID };
    },
    standalone: (key, id, data) => ["d", seal.close(data, placeOf(key, id, ""))],
    openStandalone(key, [id, fields]) {
      const data = seal.open(valueOf(fields, "d") ?? "", placeOf(key, id, ""));
      return data === undefined ? unfit() : { seq: numberOf(id), data };
    },
  };
}

function placeOf(key: string, id: string, newest: string): string {
  return `${key} ${id} ${newest}`;
}

function headOf(text: string): CallHead | undefined {
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
