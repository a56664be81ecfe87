/**
 * The gateway's log: generated requests of the last days, and those made to the sandbox. All analytics, exports and
 * usage figures are computed from it, so that they are consistent.
 */
import { createRandom, randomUuid } from "../state/ids.ts";
import type { Json } from "../json.ts";
import { computeCost, models } from "./models.ts";

export interface LogRow {
  readonly id: string;
  readonly traceId: string;
  readonly spanId: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** The workspace's slug. */
  readonly workspace: string;
  readonly provider: string;
  readonly model: string;
  readonly user: string;
  readonly apiKey: string;
  readonly virtualKey: string;
  readonly config: string;
  readonly prompt: string;
  readonly requestTokens: number;
  readonly responseTokens: number;
  /** US cents. */
  readonly cost: number;
  readonly status: number;
  /** Milliseconds. */
  readonly latency: number;
  readonly cache: "hit" | "semantic hit" | "miss";
  /** The number of retries until it succeeded. */
  readonly retries: number;
  readonly fellBack: boolean;
  readonly metadata: Readonly<Record<string, string>>;
  readonly feedback: Feedback[];
  /** The request and the response, where they are not generated. */
  readonly request?: Json;
  readonly response?: Json;
}

export interface Feedback {
  readonly id: string;
  value: number;
  weight: number;
}

/** The traffic of one application, to generate its requests from. */
export interface TrafficProfile {
  readonly workspace: string;
  readonly model: string;
  readonly user: string;
  readonly api_key: string;
  readonly virtual_key: string;
  readonly config?: string;
  readonly prompt?: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly per_day: number;
  /** How many days ago it sent eight times as much as usual. */
  readonly spike_days_ago?: number;
}

export interface TrafficPlan {
  readonly days: number;
  readonly profiles: readonly TrafficProfile[];
}

export class Traffic {
  /** Oldest first. */
  readonly rows: LogRow[];
  readonly #byId = new Map<string, LogRow>();

  constructor(rows: LogRow[]) {
    this.rows = rows.sort((a, b) => a.at - b.at);
    for (const row of rows) this.#index(row);
  }

  add(row: LogRow): void {
    this.rows.push(row);
    this.#index(row);
  }

  /** Finds a row by id or trace id. */
  find(reference: string): LogRow | undefined {
    return this.#byId.get(reference);
  }

  #index(row: LogRow): void {
    this.#byId.set(row.id, row).set(row.traceId, row);
  }
}

const day = 86_400_000;
const hour = 3_600_000;
const spikeFactor = 8;
const failures = [429, 500, 400, 401, 503] as const;

/** Generates rows of the log, deterministically by plan and hour. */
export function generateTraffic(plan: TrafficPlan, now: number): LogRow[] {
  const end = Math.floor(now / hour) * hour;
  return plan.profiles.flatMap((profile, index) => {
    const random = createRandom(index + 1);
    return Array.from({ length: plan.days }, (_, daysAgo) => {
      const count = Math.round(
        profile.per_day * (0.7 + 0.6 * random()) * (profile.spike_days_ago === daysAgo ? spikeFactor : 1),
      );
      return Array.from({ length: count }, () =>
        generateRow(profile, end - daysAgo * day - Math.floor(random() * day), random),
      );
    }).flat();
  });
}

function generateRow(profile: TrafficProfile, at: number, random: () => number): LogRow {
  const model = models.find((entry) => entry.slug === profile.model);
  const failed = random() < 0.04;
  const cache = cacheStatus(failed, random);
  const requestTokens = 500 + Math.floor(random() * 7500);
  const responseTokens = failed ? 0 : 100 + Math.floor(random() * 1400);
  const rescued = !failed && random() < 0.05;
  const id = randomUuid(random);
  return {
    id,
    traceId: randomUuid(random),
    spanId: id.slice(0, 16),
    at,
    workspace: profile.workspace,
    provider: model?.provider ?? "openai",
    model: profile.model,
    user: profile.user,
    apiKey: profile.api_key,
    virtualKey: profile.virtual_key,
    config: profile.config ?? "",
    prompt: profile.prompt ?? "",
    requestTokens,
    responseTokens,
    cost: failed || cache !== "miss" ? 0 : computeCost(profile.model, requestTokens, responseTokens),
    status: failed ? (failures[Math.floor(random() * failures.length)] ?? 500) : 200,
    latency:
      cache === "miss" ? Math.round((model?.latency ?? 1000) * (0.5 + random() * 1.5)) : 20 + Math.floor(random() * 60),
    cache,
    retries: rescued && random() < 0.6 ? 1 + Math.floor(random() * 3) : 0,
    fellBack: rescued && random() < 0.4,
    metadata: { ...profile.metadata, _user: profile.user },
    feedback: !failed && random() < 0.08 ? [{ id: randomUuid(random), value: random() < 0.8 ? 1 : -1, weight: 1 }] : [],
  };
}

/** A failed request never hits the cache. */
function cacheStatus(failed: boolean, random: () => number): LogRow["cache"] {
  if (failed || random() < 0.75) return "miss";
  return random() < 0.7 ? "hit" : "semantic hit";
}
