/** Reports the beginning and end of sessions to the observer, on the instance where each was opened. */
import type { Observer } from "../../mcp/observe.ts";
import type { Sessions } from "../legacy/sessions/session.ts";

export interface SessionTimes {
  /** The sessions, with an `open` that reports the beginning. */
  watch(sessions: Sessions): Sessions;
  ended(id: string): void;
}

export function createSessionTimes(observer: Observer | undefined): SessionTimes {
  const open = new Map<string, () => void>();
  return {
    watch(sessions) {
      if (observer === undefined) return sessions;
      return {
        async open(record) {
          const opened = await sessions.open(record);
          open.set(opened.id, observer.session({ transport: "tcp", revision: record.revision }));
          return opened;
        },
        find: (id, binding) => sessions.find(id, binding),
        change: (session, record) => sessions.change(session, record),
        end: (session) => sessions.end(session),
        forget: (id) => sessions.forget(id),
        count: () => sessions.count(),
        close: () => sessions.close(),
      };
    },
    ended(id) {
      open.get(id)?.();
      open.delete(id);
    },
  };
}
