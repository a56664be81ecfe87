/** The sections of a run by name; each is loaded only when it is requested. */
import type { Bench } from "./section-context.ts";
import type { Figure } from "./figure.ts";

type Section = (bench: Bench) => Promise<readonly Figure[]>;

export const SECTIONS: Readonly<Record<string, Section>> = {
  catalogue: async (bench) => (await import("./catalogue.ts")).benchCatalogue(bench),
  start: async (bench) => (await import("./start.ts")).benchStart(bench),
  calls: async (bench) => (await import("./calls.ts")).benchCalls(bench),
  http: async (bench) => (await import("./http.ts")).benchHttp(bench),
  sessions: async (bench) => (await import("./sessions.ts")).benchSessions(bench),
  scale: async (bench) => (await import("./scale.ts")).benchScale(bench),
  install: async (bench) => (await import("./install.ts")).benchInstall(bench),
  search: async (bench) => (await import("./search.ts")).benchSearch(bench),
  regenerate: async (bench) => (await import("./regenerate.ts")).benchRegenerate(bench),
};
