/** Parses a session's record as it is kept in Redis. */
import { z } from "zod";
import type { SessionRecord } from "./session.ts";

/** Replaces the record of a session that has ended, so that no instance writes its copy back. */
export const ENDED = "ended";

const RECORD = z.object({
  owner: z.string().optional(),
  binding: z.string(),
  revision: z.string(),
  initialize: z.record(z.string(), z.unknown()),
  level: z.string().optional(),
});

/** The record in `text`, or ENDED; undefined where it is neither. */
export function parseSessionRecord(text: string): SessionRecord | typeof ENDED | undefined {
  if (text === ENDED) return ENDED;
  try {
    return RECORD.parse(JSON.parse(text)) as SessionRecord;
  } catch {
    return undefined;
  }
}
