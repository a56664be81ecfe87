/** Sessions of this instance alone: they end with it. */
import { randomUUID } from "node:crypto";
import { HttpRefusal } from "../auth/refusal.ts";
import { SessionTable } from "./session-table.ts";
import { ownerOf, type OnEnd, type Sessions } from "./session.ts";

export interface SessionLimits {
  readonly timeoutMs: number;
  readonly max: number;
}

/** How often expired sessions are looked for, at most. */
export const SWEEP_MS = 30_000;

export function createMemorySessions(
  { timeoutMs, max }: SessionLimits,
  onEnd: OnEnd,
  now: () => number = Date.now,
): Sessions {
  const table = new SessionTable(now);
  const timer = setInterval(
    () => {
      for (const { id } of table.sweep(timeoutMs).expired) onEnd(id);
    },
    Math.min(SWEEP_MS, timeoutMs),
  );
  timer.unref();

  return {
    async open(record) {
      while (table.size >= max) {
        const evicted = table.evictionCandidate(ownerOf(record));
        if (evicted === undefined) throw tooManySessions(max);
        table.delete(evicted.id);
        onEnd(evicted.id);
      }
      const session = { id: randomUUID(), record, seen: now(), busy: 0 };
      table.touch(session);
      return session;
    },
    async find(id, binding) {
      const session = table.get(id);
      if (session === undefined || session.record.binding !== binding) return "none";
      if (session.busy === 0 && now() - session.seen > timeoutMs) {
        table.delete(id);
        onEnd(id);
        return "none";
      }
      table.touch(session);
      return session;
    },
    async change(session, record) {
      session.record = record;
    },
    async end({ id }) {
      table.delete(id);
    },
    forget: (id) => void table.delete(id),
    count: () => table.size,
    close: () => clearInterval(timer),
  };
}

export function tooManySessions(max: number): HttpRefusal {
  return new HttpRefusal(
    503,
    `${max} sessions are open and all of them are in use (MCP_MAX_SESSIONS). Try again later, or end one with DELETE.`,
    { "retry-after": "30" },
  );
}
