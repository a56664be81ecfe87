/**
 * The one access to Redis: two connections per instance (commands, subscriptions) behind a circuit breaker.
 *
 * One command without an answer in time opens the breaker. While it is open every use of Redis fails at once, so that
 * nothing queues and no request waits; only a probe is sent, and its first answer closes the breaker. Nothing here
 * retries: only the caller knows whether its command may be sent twice.
 */
import type { Cluster, Redis } from "ioredis";
import type { RedisConfig } from "../../config/http-config.ts";
import type { Log } from "../../log/log.ts";
import { parseRedisUrl } from "./address.ts";
import { openClients } from "./clients.ts";

export type RedisClient = Redis | Cluster;

/** Redis did not answer, or cannot do its work: try later. */
export class RedisAway extends Error {
  constructor(options?: ErrorOptions) {
    super("Redis is away.", options);
    this.name = "RedisAway";
  }
}

export interface RedisLink {
  /** Goes round the breaker: for tests and tools, never for a request. */
  readonly client: RedisClient;
  readonly prefix: string;
  state(): "ok" | "away";
  /** Throws RedisAway where Redis is or goes away; passes on an error that Redis answered. */
  run<T>(work: (client: RedisClient) => Promise<T>): Promise<T>;
  /**
   * Messages of a channel, one receiver each, until the returned function is called; those sent while Redis is away are
   * lost.
   */
  subscribe(channel: string, receive: (message: string) => void): () => void;
  /** Called each time Redis becomes available, the first time included. */
  onAvailable(listener: () => void): void;
  /** Resolves when Redis is available, or after `timeoutMs`, with whether it is. */
  waitUntilAvailable(timeoutMs: number): Promise<boolean>;
  close(): Promise<void>;
}

export interface RedisTiming {
  /** How long a command may take. */
  readonly commandMs: number;
  /** Between two probes while Redis is away. */
  readonly probeMs: number;
}

const TIMING: RedisTiming = { commandMs: 1_000, probeMs: 250 };

/** Answers that mean "not now": the server is loading, full, a replica, or its cluster has lost a part. */
const UNAVAILABLE_REPLY =
  /^(LOADING|READONLY|MASTERDOWN|CLUSTERDOWN|OOM|MISCONF|NOREPLICAS|TRYAGAIN|BUSY|UNBLOCKED|NOAUTH|NOPERM|WRONGPASS|ERR max number of clients)/;

/** Connects in the background. Throws PortkeyMcpError CONFIG where the URL is none. */
export function connectRedis(config: RedisConfig, log: Log, timing: Partial<RedisTiming> = {}): RedisLink {
  const { commandMs, probeMs } = { ...TIMING, ...timing };
  const { commands, subscriptions } = openClients(parseRedisUrl(config.url), commandMs);
  const listeners = new Set<() => void>();
  const receivers = new Map<string, (message: string) => void>();
  let state: "ok" | "away" = "away";
  let reason = "";
  let closed = false;
  let probing = false;

  function markUnavailable(error: unknown): RedisAway {
    if (state === "ok" && !closed)
      log.write("warn", "Redis is away: streams cannot be resumed until it is back", {
        error: String((error as Error)?.message ?? error),
      });
    state = "away";
    probe();
    return new RedisAway({ cause: error });
  }

  function markAvailable(): void {
    if (state === "ok" || closed) return;
    state = "ok";
    log.write("info", "Redis is there");
    for (const listener of listeners) listener();
  }

  /** A write, since a replica, a full server and one that is loading may answer PING all the same. */
  async function writeProbe(): Promise<void> {
    await commands.set(`${config.keyPrefix}:probe`, "", "PX", 1_000);
  }

  function probe(): void {
    if (probing || closed) return;
    probing = true;
    const timer = setTimeout(async () => {
      probing = false;
      try {
        if (closed) return;
        await writeProbe();
        markAvailable();
      } catch {
        probe();
      }
    }, probeMs);
    timer.unref();
  }

  for (const client of new Set([commands, subscriptions])) {
    client.on("error", (error: Error) => {
      // Said once for each new reason, not once for each attempt to connect.
      if (!closed && state === "away" && error.message !== reason)
        log.write("warn", "Redis cannot be reached", { error: error.message });
      reason = error.message;
    });
  }
  commands.on("ready", () => {
    writeProbe().then(markAvailable, markUnavailable);
  });
  commands.on("close", () => void markUnavailable("the connection closed"));
  subscriptions.on("message", (channel: string, message: string) => {
    try {
      receivers.get(channel)?.(message);
    } catch (error) {
      // Whatever a message holds, it must not end the process.
      log.write("error", "a message from Redis could not be taken", { error: String(error) });
    }
  });
  subscriptions.on("ready", () => {
    if (receivers.size > 0) subscriptions.subscribe(...receivers.keys()).catch(ignore);
  });
  // A connection that only listens would not notice that its peer is gone.
  const subscriptionPing = setInterval(() => void subscriptions.ping().catch(ignore), commandMs * 5);
  subscriptionPing.unref();
  probe();

  return {
    client: commands,
    prefix: config.keyPrefix,
    state: () => state,
    async run(work) {
      if (state === "away") throw new RedisAway();
      try {
        return await work(commands);
      } catch (error) {
        if (isReply(error) && !UNAVAILABLE_REPLY.test(error.message)) throw error;
        throw markUnavailable(error);
      }
    },
    subscribe(channel, receive) {
      receivers.set(channel, receive);
      subscriptions.subscribe(channel).catch(ignore);
      return () => {
        receivers.delete(channel);
        subscriptions.unsubscribe(channel).catch(ignore);
      };
    },
    onAvailable(listener) {
      listeners.add(listener);
      if (state === "ok") listener();
    },
    waitUntilAvailable(timeoutMs) {
      if (state === "ok") return Promise.resolve(true);
      return new Promise((resolve) => {
        const settle = (): void => {
          clearTimeout(timer);
          listeners.delete(settle);
          resolve(state === "ok");
        };
        const timer = setTimeout(settle, timeoutMs);
        listeners.add(settle);
      });
    },
    async close() {
      closed = true;
      state = "away";
      clearInterval(subscriptionPing);
      commands.disconnect();
      if (subscriptions !== commands) subscriptions.disconnect();
    },
  };
}

/** For what is tried again by itself. */
function ignore(): void {}

function isReply(error: unknown): error is Error {
  return error instanceof Error && error.name === "ReplyError";
}

/** Whether a key holds something else than this server keeps there. */
export function isWrongType(error: unknown): boolean {
  return isReply(error) && error.message.startsWith("WRONGTYPE");
}

/** The answers of a pipeline; throws the first error among them, so that `run` sees it. */
export async function answers(pipeline: { exec(): Promise<[Error | null, unknown][] | null> }): Promise<unknown[]> {
  const results = (await pipeline.exec()) ?? [];
  return results.map(([error, value]) => {
    if (error !== null) throw error;
    return value;
  });
}
