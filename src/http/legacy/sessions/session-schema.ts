/** A session's record as Redis keeps it: read back only where it is one. */
import { z } from "zod";
import type { SessionRecord } from "./session.ts";

/** Stands in place of a session's record once it has ended, so that no instance writes its copy back. */
export const ENDED = "ended";

const RECORD = z.object({
  owner: z.string().optional(),
  binding: z.string(),
  revision: z.string(),
  initialize: z.record(z.string(), z.unknown()),
  level: z.string().optional(),
});

/** What `text` says; undefined where it is no record. */
export function parseSessionRecord(text: string): SessionRecord | typeof ENDED | undefined {
  if (text === ENDED) return ENDED;
  try {
    return RECORD.parse(JSON.parse(text)) as SessionRecord;
  } catch {
    return undefined;
  }
}
