/** Adds metrics for the numbers that other parts of the server keep. */
import { MAIN_EDITION } from "../../catalog/editions.ts";
import type { HttpConfig } from "../../config/http-config.ts";
import type { Log } from "../../log/log.ts";
import type { Audit } from "../audit/audit.ts";
import type { LegacyEndpoint } from "../routes/legacy-endpoint.ts";
import type { RunningCalls } from "./count-calls.ts";
import { LEGACY_NUMBERS, METRICS, type MetricName } from "./metric-rows.ts";
import type { Numbers } from "./collect-numbers.ts";
import type { Metrics } from "./metrics.ts";

/** How often the settings' files were read again, by outcome. */
export interface ReloadCounts {
  readonly counts: Readonly<Record<string, number>>;
  /** Whether the last time failed, so that older settings are still in use. */
  readonly stale: boolean;
}

export interface StateSources {
  readonly http: HttpConfig;
  readonly version?: string;
  readonly log: Pick<Log, "lost">;
  readonly audit: Pick<Audit, "lost">;
  readonly calls: Pick<RunningCalls, "running">;
  readonly legacy: Pick<LegacyEndpoint, "stats" | "dropped" | "health">;
  readonly reloads?: () => ReloadCounts;
}

export function collectServerState(metrics: Metrics, keepers: StateSources): void {
  const { http, version = "", log, audit, calls, legacy, reloads } = keepers;
  metrics.set("mcp_build_info", { version, node: process.versions.node, edition: http.edition ?? MAIN_EDITION }, 1);
  metrics.read("mcp_lines_lost_total", () => ({ audit: audit.lost(), log: log.lost?.() ?? 0 }));
  metrics.read("mcp_redis_dropped_total", () => legacy.dropped?.() ?? {});
  metrics.read("mcp_reloads_total", () => reloads?.().counts);
  metrics.read("mcp_reload_failed", () => reloads && Number(reloads().stale));
  metrics.read("mcp_running_calls", () => calls.running());
  metrics.read("mcp_redis_up", async () => {
    const state = http.redis === null ? "off" : await legacy.health();
    return state === "off" ? undefined : Number(state === "ok");
  });
  for (const name of new Set(Object.values(LEGACY_NUMBERS).map(([metric]) => metric)))
    metrics.read(name, () => legacyNumbers(name, legacy.stats()));
}

/** The endpoint's numbers for one metric. */
function legacyNumbers(name: MetricName, stats: Readonly<Record<string, number>>): Numbers | undefined {
  const own = Object.entries(stats).filter(([stat]) => LEGACY_NUMBERS[stat]?.[0] === name);
  if (METRICS[name].labels.length === 0) return own[0]?.[1];
  return Object.fromEntries(own.map(([stat, value]) => [LEGACY_NUMBERS[stat]?.[1] ?? stat, value]));
}
