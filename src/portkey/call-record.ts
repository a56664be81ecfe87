/** One call of a plain tool, from the caller's arguments to what the caller reads: dry run, paging, fields, size. */
import { setImmediate } from "node:timers/promises";
import type { ToolRecord } from "../catalog/record.ts";
import { readArguments, type ParsedArguments } from "./request/arguments.ts";
import { fold } from "./response/fold.ts";
import { jsonBytes } from "./response/json-size.ts";
import { pageInfo, type PageInfo } from "./response/pages.ts";
import { findList } from "./response/lists.ts";
import type { Answer, CallContext, PlannedRequest, Portkey } from "./port.ts";
import { repeated, toResult, type CallResult } from "./response/result.ts";
import type { ReadAgain } from "./writes/read-back.ts";
import { walkPages, WALK_LIMITS, type WalkLimits } from "./response/walk.ts";

export interface CallOptions {
  readonly maxResultBytes: number;
  readonly limits?: WalkLimits;
  /** Reads again what an update wrote that Portkey answers with nothing; absent: it is not read. */
  readonly readAgain?: ReadAgain;
}

/**
 * Calls `record` with a caller's arguments, the common ones (`dry_run`, `all_pages`, `fields`, `more`) included.
 * Throws what `Portkey.send` throws.
 */
export async function callRecord(
  portkey: Portkey,
  record: ToolRecord,
  args: Readonly<Record<string, unknown>>,
  context: CallContext,
  { maxResultBytes, limits = WALK_LIMITS, readAgain }: CallOptions,
): Promise<CallResult> {
  const parsed = readArguments(record, args);
  const { values, dryRun, allPages } = parsed;
  if (dryRun) {
    const planned = await portkey.plan(record, args, context);
    await setImmediate();
    return planResult(planned, maxResultBytes);
  }
  if (!allPages || record.paging === undefined) {
    return sendOnce(portkey, record, args, context, { maxResultBytes, ...(readAgain && { readAgain }) });
  }
  // The first request carries the arguments as given, so that everything wrong with them is told at once.
  const walk = await walkPages(
    (pageArguments) =>
      portkey.send(record, pageArguments === values ? args : pageArguments, { ...context, key: parsed.key }),
    record.paging,
    values,
    limits,
    context.progress,
  );
  const answer = await named(walk.answer, parsed, context);
  const list = findList(answer.body);
  if (list === undefined) return toResult(record, answer, args, { maxResultBytes });
  const { start } = pageInfo(record.paging, values, answer.body, list);
  const page: PageInfo = {
    hasMore: walk.next !== undefined,
    start,
    ...(walk.next && { next: { ...walk.next, ...repeated(record, args, parsed) } }),
  };
  return toResult(record, answer, args, { maxResultBytes, page });
}

/** The answer with names beside its ids, where they are asked for or known. */
async function named(answer: Answer, { values, names }: ParsedArguments, { nameIds }: CallContext): Promise<Answer> {
  return nameIds === undefined ? answer : nameIds(values, answer, names);
}

/** Characters of an answer that is worked on in several turns of the event loop. */
const LONG = 256 * 1024;

/** One request; what an update wrote is read again with the key that it was written with. */
async function sendOnce(
  portkey: Portkey,
  record: ToolRecord,
  args: Readonly<Record<string, unknown>>,
  context: CallContext,
  { maxResultBytes, readAgain }: CallOptions,
): Promise<CallResult> {
  if (record.risk === "read") {
    const sent = await portkey.send(record, args, context);
    // Reading a long answer and showing it each hold everyone else up for a while.
    if ((sent.json?.length ?? 0) > LONG) await setImmediate();
    const answer = await named(sent, readArguments(record, args), context);
    return toResult(record, answer, args, { maxResultBytes });
  }
  if (readAgain === undefined)
    return toResult(record, await portkey.send(record, args, context), args, { maxResultBytes });
  let key = context.key;
  const onKey: CallContext["onKey"] = (kind) => {
    key = kind;
    context.onKey?.(kind);
  };
  const answer = await portkey.send(record, args, { ...context, onKey });
  const { now, warnings, notes } = await readAgain(record, readArguments(record, args).values, answer, {
    ...context,
    key,
  });
  const told: Answer = {
    ...answer,
    warnings: [...answer.warnings, ...warnings],
    notes: [...(answer.notes ?? []), ...notes],
  };
  return toResult(record, told, args, { maxResultBytes, now });
}

/** A dry run's result: the request that would go out, folded where it is too large to show. */
function planResult({ warnings, ...request }: PlannedRequest, maxResultBytes: number): CallResult {
  const { value, leftOut } = fold(request, Math.max(maxResultBytes - 300, 500));
  const body = {
    dry_run: true,
    would_send: value,
    ...(leftOut.length > 0 && {
      _cut: {
        left_out: leftOut.slice(0, 20),
        of: `${jsonBytes(request)} bytes`,
        how_to_get: "Too large to show; the real call sends all of it, as it was given.",
      },
    }),
  };
  return { body, text: JSON.stringify(body), warnings };
}
