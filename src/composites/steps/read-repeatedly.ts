/**
 * Repeats reads for a few seconds until they show a write: Portkey's reads can lag its writes.
 */
import { setTimeout as delay } from "node:timers/promises";
import type { Json } from "../../catalog/json.ts";
import { PortkeyMcpError } from "../../errors/errors.ts";
import type { Answer } from "../../portkey/port.ts";
import type { CompositeContext } from "../composite.ts";

/** Milliseconds between the attempts; four seconds in total. */
const pauses = [250, 500, 750, 1000, 1500];

/** Calls a reading tool repeatedly for a few seconds until `find` returns a value; undefined where it does not. */
export type ReadUntil = <T>(
  tool: string,
  args: Json,
  find: (answer: Answer) => MaybeLater<T>,
) => Promise<T | undefined>;

type MaybeLater<T> = T | undefined | Promise<T | undefined>;

/** A `ReadUntil` by the context's calls. */
export function createReadUntil(context: CompositeContext): ReadUntil {
  return (tool, args, find) => readRepeatedly(context, async () => find(await context.call(tool, args)));
}

/** The first result that is not undefined; undefined where all attempts give none. A 404 counts as undefined. */
export async function readRepeatedly<T>(
  context: Pick<CompositeContext, "signal" | "sleep">,
  ask: () => Promise<T | undefined>,
): Promise<T | undefined> {
  const sleep = context.sleep ?? ((ms: number) => delay(ms, undefined, { signal: context.signal }));
  for (const pause of pauses) {
    const answer = await undefinedIfMissing(ask);
    if (answer !== undefined) return answer;
    await sleep(pause);
  }
  return undefinedIfMissing(ask);
}

/** The result, or undefined for a 404. Any other failure is rethrown. */
export async function undefinedIfMissing<T>(ask: () => Promise<T | undefined>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof PortkeyMcpError && error.details["status"] === 404) return undefined;
    throw error;
  }
}
