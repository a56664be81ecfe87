/** Fetches every item of a list, for callers that search it; reports where items are missing. */
import { BOUNDS, bytesInWords } from "../../../errors/bounds.ts";
import { PortkeyMcpError } from "../../../errors/errors.ts";
import type { Answer, Portkey, PortkeyCall } from "../../port.ts";
import { findShortfall, type Shortfall } from "../completeness.ts";
import { findList } from "../lists.ts";
import { walkPages, WALK_LIMITS, type Walk } from "./walk.ts";

export interface AllItems {
  readonly items: readonly unknown[];
  /** Present where the list's total is more than the items received. */
  readonly shortfall?: Shortfall;
  readonly warnings: readonly string[];
}

/**
 * Fetches all pages of the list that `call` reads. Throws BAD_INPUT where the answer is no list, and PORTKEY where it
 * has more than `limit` items.
 */
export async function fetchAllItems(portkey: Portkey, call: PortkeyCall, limit = WALK_LIMITS.items): Promise<AllItems> {
  const { name: tool } = call.record;
  const { answer, next, shortfall } = await walkList(portkey, call, limit);
  const list = findList(answer.body);
  if (list === undefined) throw new PortkeyMcpError("BAD_INPUT", `${tool} did not answer with a list.`, { tool });
  if (next !== undefined || list.items.length > limit) {
    throw new PortkeyMcpError(
      "PORTKEY",
      `${tool} has more than ${limit} items or ${bytesInWords(BOUNDS.walkedPages)} of them, ` +
        "too many to look through: narrow it with its filters.",
      { tool, limit },
    );
  }
  const missing = shortfall ?? findShortfall(call.record, answer.body);
  return { items: [...list.items], ...(missing && { shortfall: missing }), warnings: answer.warnings };
}

async function walkList(portkey: Portkey, { record, args, context }: PortkeyCall, limit: number): Promise<Walk> {
  const { paging } = record;
  const fetchPage = (values: PortkeyCall["args"]): Promise<Answer> => portkey.send(record, values, context);
  if (paging === undefined) return { answer: await fetchPage(args), pages: 1 };
  const limits = { items: limit, pages: Math.max(WALK_LIMITS.pages, limit) };
  return walkPages({ paging, values: args, fetchPage, limits, progress: context.progress });
}
