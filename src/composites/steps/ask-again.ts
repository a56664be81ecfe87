/**
 * Asks again where an answer is not there yet: for a few seconds after a write, Portkey's reads may answer what was
 * before it.
 */
import { setTimeout as delay } from "node:timers/promises";
import type { Json } from "../../catalog/json.ts";
import { PortkeyMcpError } from "../../errors/errors.ts";
import type { Answer } from "../../portkey/port.ts";
import type { CompositeContext } from "../composite.ts";

/** Milliseconds between one try and the next; four seconds in all. */
const pauses = [250, 500, 750, 1000, 1500];

/** Reads with a plain tool, again and again for a few seconds, until `find` finds in an answer what was written. */
export type ReadUntil = <T>(
  tool: string,
  args: Json,
  find: (answer: Answer) => MaybeLater<T>,
) => Promise<T | undefined>;

type MaybeLater<T> = T | undefined | Promise<T | undefined>;

/** `ReadUntil` over a context's own calls. */
export function readUntilIn(context: CompositeContext): ReadUntil {
  return (tool, args, find) => askAgain(context, async () => find(await context.call(tool, args)));
}

/** The first answer that is not undefined; undefined where the last try has none either. A 404 counts as none. */
export async function askAgain<T>(
  context: Pick<CompositeContext, "signal" | "sleep">,
  ask: () => Promise<T | undefined>,
): Promise<T | undefined> {
  const sleep = context.sleep ?? ((ms: number) => delay(ms, undefined, { signal: context.signal }));
  for (const pause of pauses) {
    const answer = await unlessMissing(ask);
    if (answer !== undefined) return answer;
    await sleep(pause);
  }
  return unlessMissing(ask);
}

/** The answer, or undefined where Portkey says 404. Any other failure is thrown on. */
export async function unlessMissing<T>(ask: () => Promise<T | undefined>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof PortkeyMcpError && error.details["status"] === 404) return undefined;
    throw error;
  }
}
