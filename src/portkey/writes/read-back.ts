/**
 * After an update that Portkey answers with nothing: reads the object again, so that the answer shows what stands there
 * now. The write is done by then, so nothing here may fail it, and a few seconds are all it may take. Portkey's answers
 * can be behind its writes: what differs is read again before it is told.
 */
import { clip } from "../../errors/clip.ts";
import { setTimeout as delay } from "node:timers/promises";
import type { Json } from "../../catalog/json.ts";
import type { ToolRecord } from "../../catalog/record.ts";
import { maskSecrets } from "../../log/mask.ts";
import { fold } from "../response/fold.ts";
import { isSilentAnswer } from "../response/empty-answer.ts";
import type { Answer, CallContext, Portkey } from "../port.ts";
import { objectReaderOf } from "./object-reader.ts";
import { changedFields, fieldsNow, writtenFields } from "./written-fields.ts";

export interface ReadBack {
  /** The written fields as they stand, what of them differs, or why they could not be read; all of them optional. */
  readonly now?: Json;
  readonly warnings: readonly string[];
  readonly notes: readonly string[];
}

/** Reads again what a call wrote; never throws. */
export type ReadAgain = (record: ToolRecord, values: Json, answer: Answer, context: CallContext) => Promise<ReadBack>;

const PATIENCE_MS = 4_000;
/** Before the second and the third look. */
const WAITS_MS: readonly number[] = [250, 750];
/** A write's answer is never cut, so what is added to it stays small. */
const NOW_BYTES = 4_000;
const SHOWN_LENGTH = 80;

const NOTHING: ReadBack = { warnings: [], notes: [] };

export interface ReadBackOptions {
  /** The catalogue's records: the one that reads the path of the write is asked. */
  readonly records: readonly ToolRecord[];
  readonly patienceMs?: number;
  readonly waitsMs?: readonly number[];
}

export function createReadAgain(portkey: Portkey, options: ReadBackOptions): ReadAgain {
  const { records, patienceMs = PATIENCE_MS, waitsMs = WAITS_MS } = options;
  return async (record, values, answer, context) => {
    const written = writtenFields(record, values);
    if (!isSilentUpdate(record, answer) || Object.keys(written).length === 0) return NOTHING;
    const reader = objectReaderOf(records, record, values);
    if (reader === undefined || context.mayRead?.(reader.record) === false) return NOTHING;
    const signal = AbortSignal.any([context.signal, AbortSignal.timeout(patienceMs)]);
    const { progress: _progress, ...others } = context;
    const read = async () => reader.find((await portkey.send(reader.record, reader.args, { ...others, signal })).body);
    try {
      return readBackOf(record, written, await readUntilSame(read, written, waitsMs, signal));
    } catch (error) {
      const why = error instanceof Error && !signal.aborted ? `: ${error.message}` : ", in time";
      return { warnings: [], notes: [`Done. What stands there now could not be read${why}`] };
    }
  };
}

function isSilentUpdate({ method }: ToolRecord, answer: Answer): boolean {
  return (method === "PUT" || method === "PATCH") && isSilentAnswer(answer);
}

/** The last look's fields; a look that fails after an earlier one leaves that one. */
async function readUntilSame(
  read: () => Promise<unknown>,
  written: Json,
  waitsMs: readonly number[],
  signal: AbortSignal,
): Promise<Json> {
  let now = fieldsNow(written, await read());
  for (const waitMs of waitsMs) {
    if (changedFields(written, now).length === 0) break;
    const again = await delay(waitMs, undefined, { signal })
      .then(read)
      .then((object) => fieldsNow(written, object))
      .catch(() => undefined);
    if (again === undefined) break;
    now = again;
  }
  return now;
}

function readBackOf(record: ToolRecord, written: Json, now: Json): ReadBack {
  if (Object.keys(now).length === 0) return NOTHING;
  const warnings = changedFields(written, now).map(
    (name) =>
      `${name} stands at ${shown(name, now[name])}, not at ${shown(name, written[name])} as given: ` +
      `the API kept or changed it, or its answer is behind (${record.name})`,
  );
  return { now: fold(maskSecrets(now), NOW_BYTES).value as Json, warnings, notes: [] };
}

function shown(name: string, value: unknown): string {
  const masked = (maskSecrets({ [name]: value }) as Json)[name];
  const text = JSON.stringify(masked) ?? "nothing";
  return clip(text, SHOWN_LENGTH);
}
