/**
 * Whether this instance should get traffic. Checks of Redis and Portkey are shared and cached for some seconds, so that
 * many requests to /ready cause few checks.
 */

/** `off` is not configured; `degraded` serves with something missing. */
export type PartState = "ok" | "off" | "away";
export type ReadyState = "ready" | "degraded" | "unready" | "draining";

export interface Readiness {
  readonly status: ReadyState;
  readonly redis: PartState;
  readonly portkey: PartState | "unchecked";
}

export interface ReadinessParts {
  /** Whether Redis answers; absent where none is configured. */
  readonly redis?: () => PartState | Promise<PartState>;
  /** Resolves where Portkey can be reached; absent where /ready does not check it. */
  readonly portkey?: (signal: AbortSignal) => Promise<void>;
  /** The status while Redis is away. */
  readonly withoutRedis: "degraded" | "unready";
  readonly draining: () => boolean;
  readonly now?: () => number;
}

const FRESH_MS = 5_000;
const TIMEOUT_MS = 3_000;

export function createReadiness(parts: ReadinessParts): () => Promise<Readiness> {
  const now = parts.now ?? Date.now;
  const { redis, portkey } = parts;
  const askRedis = rememberState(now, redis && (async () => redis()));
  const askPortkey = rememberState(now, portkey && ((signal) => portkey(signal).then((): PartState => "ok")));
  return async () => {
    const [redisState, portkeyState] = await Promise.all([
      askRedis?.() ?? ("off" as const),
      askPortkey?.() ?? ("unchecked" as const),
    ]);
    return { status: statusOf(redisState, portkeyState, parts), redis: redisState, portkey: portkeyState };
  };
}

function statusOf(
  redis: PartState,
  portkey: Readiness["portkey"],
  { withoutRedis, draining }: ReadinessParts,
): ReadyState {
  if (draining()) return "draining";
  if (portkey === "away") return "unready";
  return redis === "away" ? withoutRedis : "ready";
}

type Check = (signal: AbortSignal) => Promise<PartState>;

/** Shares a running check, and caches its result. A check that fails or times out means `away`. */
function rememberState(now: () => number, check: Check | undefined): (() => Promise<PartState>) | undefined {
  if (check === undefined) return undefined;
  let running: Promise<PartState> | undefined;
  let known: { readonly state: PartState; readonly at: number } | undefined;
  return () => {
    if (known !== undefined && now() - known.at < FRESH_MS) return Promise.resolve(known.state);
    running ??= askInTime(check).then((state) => {
      known = { state, at: now() };
      running = undefined;
      return state;
    });
    return running;
  };
}

async function askInTime(check: Check): Promise<PartState> {
  const timeout = new AbortController();
  const timer = setTimeout(() => timeout.abort(), TIMEOUT_MS);
  const timedOut = new Promise<PartState>((resolve) => {
    timeout.signal.addEventListener("abort", () => resolve("away"));
  });
  try {
    return await Promise.race([check(timeout.signal), timedOut]);
  } catch {
    return "away";
  } finally {
    clearTimeout(timer);
  }
}
