/**
 * An entry of a stream in Redis, and what it stands for. An entry of a call holds a batch of its events and names the
 * call; one of a standalone stream holds one message. Each opens in its own place only: its key, its id, its number;
 * one whose id Redis chose, about the time when it was written.
 */
import { z } from "zod";
import type { Trust } from "../redis/trust.ts";
import { LAST_SEQ } from "./event-id.ts";
import type { CallHead, StoredEvent } from "./event-store.ts";
import { createSeal } from "./seal.ts";

/** As Redis answers it: fields are names and values in turn. */
export type Entry = readonly [id: string, fields: readonly string[]];

/** Before every event, after "nothing". */
export const OPENING_ID = "0-1";
/** Greater than any other, so that Redis itself admits only one. */
export const LAST_ID = `${LAST_SEQ}-0`;
/** Redis chooses the id. */
export const NEXT_ID = "*";
/** Events per millisecond that a standalone stream's numbers can tell apart. */
export const PER_MS = 1_000;
/** How far the clocks of Redis and an instance may differ. */
const CLOCKS_MS = 86_400_000;

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
  standalone(key: string, data: string): string[];
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
    standalone: (key, data) => ["d", seal.close(`${Date.now()}\n${data}`, placeOf(key, NEXT_ID, ""))],
    openStandalone(key, [id, fields]) {
      const text = seal.open(valueOf(fields, "d") ?? "", placeOf(key, NEXT_ID, "")) ?? "";
      const end = text.indexOf("\n");
      // One at another time is a copy.
      if (end === -1 || !isOfTime(id, Number(text.slice(0, end)))) return unfit();
      return { seq: numberOf(id), data: text.slice(end + 1) };
    },
  };
}

/** Whether an id that Redis chose is of about this time. */
export function isOfTime(id: string, ms: number): boolean {
  return Math.abs(msOf(id) - ms) <= CLOCKS_MS;
}

/** The number of a standalone stream's event. */
function numberOf(id: string): number {
  return msOf(id) * PER_MS + Number(id.slice(id.indexOf("-") + 1));
}

function msOf(id: string): number {
  return Number(id.slice(0, id.indexOf("-")));
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
