/** Makes one call of a plain tool, from the caller's arguments to the result: dry run, paging, fields, size. */
import { setImmediate } from "node:timers/promises";
import type { Paging } from "../catalog/record.ts";
import { readArguments, type ParsedArguments } from "./request/arguments.ts";
import { fold } from "./response/fold.ts";
import { jsonBytes } from "./response/json-size.ts";
import { pageInfo, type PageInfo } from "./response/pages.ts";
import { findList } from "./response/lists.ts";
import type { Answer, CallContext, PlannedRequest, Portkey, PortkeyCall } from "./port.ts";
import { repeatedArguments, toResult, type CallResult } from "./response/result.ts";
import type { ReadBackUpdate } from "./writes/read-back.ts";
import { walkPages, WALK_LIMITS, type WalkLimits } from "./response/walk/walk.ts";

export interface CallOptions {
  readonly maxResultBytes: number;
  readonly limits?: WalkLimits;
  /** Reads an object back after an update that Portkey answers with nothing; absent: it is not read back. */
  readonly readBack?: ReadBackUpdate;
}

/** Calls a plain tool. Throws what `Portkey.send` throws. */
export async function callRecord(portkey: Portkey, call: PortkeyCall, options: CallOptions): Promise<CallResult> {
  const { record, args, context } = call;
  const { dryRun, allPages } = readArguments(record, args);
  if (dryRun) {
    const planned = await portkey.plan(record, args, context);
    await setImmediate();
    return planResult(planned, options.maxResultBytes);
  }
  if (allPages && record.paging !== undefined) return callPages(portkey, call, record.paging, options);
  return record.risk === "read" ? read(portkey, call, options) : write(portkey, call, options);
}

/** Calls a list tool for every page, and joins them to one answer. */
async function callPages(
  portkey: Portkey,
  { record, args, context }: PortkeyCall,
  paging: Paging,
  { maxResultBytes, limits = WALK_LIMITS }: CallOptions,
): Promise<CallResult> {
  const parsed = readArguments(record, args);
  const { values, key } = parsed;
  const walk = await walkPages({
    paging,
    values,
    limits,
    progress: context.progress,
    // The first request takes the caller's own arguments, so that one error reports everything wrong with them.
    fetchPage: (page) => portkey.send(record, page === values ? args : page, { ...context, key }),
  });
  const answer = await nameIdsIn(walk.answer, parsed, context);
  const list = findList(answer.body);
  if (list === undefined) return toResult(record, answer, args, { maxResultBytes });
  const { start } = pageInfo(paging, { values, body: answer.body, list });
  const next = walk.next && { ...walk.next, ...repeatedArguments(record, args, parsed) };
  const page: PageInfo = { hasMore: next !== undefined, start, ...(next && { next }) };
  return toResult(record, answer, args, { maxResultBytes, page });
}

/** The answer with names beside its ids, where the call asks for them or they are known. */
async function nameIdsIn(
  answer: Answer,
  { values, names }: ParsedArguments,
  { nameIds }: CallContext,
): Promise<Answer> {
  return nameIds === undefined ? answer : nameIds(values, answer, names);
}

/** Characters above which an answer is processed in several turns of the event loop. */
const LONG = 256 * 1024;

async function read(
  portkey: Portkey,
  { record, args, context }: PortkeyCall,
  { maxResultBytes }: CallOptions,
): Promise<CallResult> {
  const sent = await portkey.send(record, args, context);
  // Parsing a long answer and shortening it each block the event loop for a while; others run in between.
  if ((sent.json?.length ?? 0) > LONG) await setImmediate();
  const answer = await nameIdsIn(sent, readArguments(record, args), context);
  return toResult(record, answer, args, { maxResultBytes });
}

/** Makes a write. What an update wrote is read back with the key that it was written with. */
async function write(
  portkey: Portkey,
  { record, args, context }: PortkeyCall,
  { maxResultBytes, readBack }: CallOptions,
): Promise<CallResult> {
  if (readBack === undefined)
    return toResult(record, await portkey.send(record, args, context), args, { maxResultBytes });
  let key = context.key;
  const onKey: CallContext["onKey"] = (kind) => {
    key = kind;
    context.onKey?.(kind);
  };
  const answer = await portkey.send(record, args, { ...context, onKey });
  const { values } = readArguments(record, args);
  const { now, warnings, notes } = await readBack(record, values, answer, { ...context, key });
  const withRemarks: Answer = {
    ...answer,
    warnings: [...answer.warnings, ...warnings],
    notes: [...(answer.notes ?? []), ...notes],
  };
  return toResult(record, withRemarks, args, { maxResultBytes, now });
}

/** A dry run's result: the request that would be sent, with parts left out where it is too large to show. */
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
