/**
 * Reads an object back after an update that Portkey answers with nothing, so that the result shows its fields.
 * The write is done by then: a failure here must not make the call fail, and it may take a few seconds only.
 * Portkey's reads can lag its writes, so fields that differ are read again before a warning.
 */
import { clip } from "../../errors/clip.ts";
import { setTimeout as delay } from "node:timers/promises";
import type { Json } from "../../catalog/json.ts";
import type { ToolRecord } from "../../catalog/record.ts";
import { maskSecrets } from "../../log/mask.ts";
import { fold } from "../response/fold.ts";
import { isSilentAnswer } from "../response/empty-answer.ts";
import type { Answer, CallContext, Portkey } from "../port.ts";
import { findObjectReader } from "./object-reader.ts";
import { changedFields, readWrittenFields, writtenFields } from "./written-fields.ts";

export interface ReadBack {
  /** The written fields with their current values; absent where they could not be read. */
  readonly now?: Json;
  readonly warnings: readonly string[];
  readonly notes: readonly string[];
}

/** Reads the written object back. Does not throw. */
export type ReadBackUpdate = (
  record: ToolRecord,
  values: Json,
  answer: Answer,
  context: CallContext,
) => Promise<ReadBack>;

const PATIENCE_MS = 4_000;
/** The waits before the second and the third read. */
const WAITS_MS: readonly number[] = [250, 750];
/** Bytes of `now`: a write's answer is not cut, so what is added to it must be small. */
const NOW_BYTES = 4_000;
const SHOWN_LENGTH = 80;

const NOTHING: ReadBack = { warnings: [], notes: [] };

export interface ReadBackOptions {
  /** The catalogue's records, to find the one that reads the written object. */
  readonly records: readonly ToolRecord[];
  readonly patienceMs?: number;
  readonly waitsMs?: readonly number[];
}

export function createReadBack(portkey: Portkey, options: ReadBackOptions): ReadBackUpdate {
  const { records, patienceMs = PATIENCE_MS, waitsMs = WAITS_MS } = options;
  return async (record, values, answer, context) => {
    const written = writtenFields(record, values);
    if (!isSilentUpdate(record, answer) || Object.keys(written).length === 0) return NOTHING;
    const reader = findObjectReader(records, record, values);
    if (reader === undefined || context.mayRead?.(reader.record) === false) return NOTHING;
    const signal = AbortSignal.any([context.signal, AbortSignal.timeout(patienceMs)]);
    const { progress: _progress, ...others } = context;
    const read = async () => reader.find((await portkey.send(reader.record, reader.args, { ...others, signal })).body);
    try {
      return describeReadBack(record, written, await readUntilSame(read, written, waitsMs, signal));
    } catch (error) {
      const why = error instanceof Error && !signal.aborted ? `: ${error.message}` : ", in time";
      return { warnings: [], notes: [`Done. What stands there now could not be read${why}`] };
    }
  };
}

function isSilentUpdate({ method }: ToolRecord, answer: Answer): boolean {
  return (method === "PUT" || method === "PATCH") && isSilentAnswer(answer);
}

/** The fields of the last successful read. Reads again while some differ; throws only where the first read fails. */
async function readUntilSame(
  read: () => Promise<unknown>,
  written: Json,
  waitsMs: readonly number[],
  signal: AbortSignal,
): Promise<Json> {
  let now = readWrittenFields(written, await read());
  for (const waitMs of waitsMs) {
    if (changedFields(written, now).length === 0) break;
    const again = await delay(waitMs, undefined, { signal })
      .then(read)
      .then((object) => readWrittenFields(written, object))
      .catch(() => undefined);
    if (again === undefined) break;
    now = again;
  }
  return now;
}

function describeReadBack(record: ToolRecord, written: Json, now: Json): ReadBack {
  if (Object.keys(now).length === 0) return NOTHING;
  const warnings = changedFields(written, now).map(
    (name) =>
      `${name} stands at ${showValue(name, now[name])}, not at ${showValue(name, written[name])} as given: ` +
      `the API kept or changed it, or its answer is behind (${record.name})`,
  );
  return { now: fold(maskSecrets(now), NOW_BYTES).value as Json, warnings, notes: [] };
}

function showValue(name: string, value: unknown): string {
  const masked = (maskSecrets({ [name]: value }) as Json)[name];
  const text = JSON.stringify(masked) ?? "nothing";
  return clip(text, SHOWN_LENGTH);
}
