/**
 * The only access to Redis: two connections for each instance (commands, subscriptions) behind a circuit breaker.
 *
 * One command without a reply in time opens the breaker. While it is open, every command fails at once, so that nothing
 * queues and no request waits. Only a probe is sent, and its first success closes the breaker.
 * Nothing here retries: only the caller knows whether its command may be sent twice.
 */
import type { Cluster, Redis } from "ioredis";
import type { RedisConfig } from "../../config/http-config.ts";
import type { Log } from "../../log/log.ts";
import { parseRedisUrl } from "./address.ts";
import { openClients } from "./clients.ts";

export type RedisClient = Redis | Cluster;

/** Redis did not reply, or cannot accept writes now: try again later. */
export class RedisAway extends Error {
  constructor(options?: ErrorOptions) {
    super("Redis is away.", options);
    this.name = "RedisAway";
  }
}

export interface RedisLink {
  /** Bypasses the breaker: for tests and tools, never for a request. */
  readonly client: RedisClient;
  readonly prefix: string;
  state(): "ok" | "away";
  /** Throws RedisAway where Redis is or goes away; passes on an error that Redis answered. */
  run<T>(work: (client: RedisClient) => Promise<T>): Promise<T>;
  /**
   * Messages of a channel, one receiver each, until the returned function is called; those sent while Redis is away are
   * lost. `inForce` is called each time that from then on they come: at first, and after each outage.
   */
  subscribe(channel: string, receive: (message: string) => void, inForce?: () => void): () => void;
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

/** Error replies that mean "not now": the server is loading, full or a replica, or its cluster has lost a part. */
const UNAVAILABLE_REPLY =
  /^(LOADING|READONLY|MASTERDOWN|CLUSTERDOWN|OOM|MISCONF|NOREPLICAS|TRYAGAIN|BUSY|UNBLOCKED|NOAUTH|NOPERM|WRONGPASS|ERR max number of clients)/;

/** Connects in the background. Throws PortkeyMcpError CONFIG where the URL is malformed. */
export function connectRedis(config: RedisConfig, log: Log, timing: Partial<RedisTiming> = {}): RedisLink {
  const { commandMs, probeMs } = { ...TIMING, ...timing };
  const { commands, subscriptions } = openClients(parseRedisUrl(config.url), commandMs);
  const breaker = new Breaker({ commands, prefix: config.keyPrefix, probeMs, log });
  const channels = new Channels(subscriptions, log);
  for (const client of new Set([commands, subscriptions]))
    client.on("error", (error: Error) => breaker.warnUnreachable(error));
  // A connection that only listens would not notice that its server is gone.
  const subscriptionPing = setInterval(() => void subscriptions.ping().catch(ignore), commandMs * 5);
  subscriptionPing.unref();
  return {
    client: commands,
    prefix: config.keyPrefix,
    state: () => breaker.state,
    run: (work) => breaker.run(work),
    subscribe: (...channel) => channels.subscribe(...channel),
    onAvailable: (listener) => breaker.onAvailable(listener),
    waitUntilAvailable: (timeoutMs) => breaker.waitUntilAvailable(timeoutMs),
    async close() {
      breaker.close();
      clearInterval(subscriptionPing);
      commands.disconnect();
      if (subscriptions !== commands) subscriptions.disconnect();
    },
  };
}

interface BreakerParts {
  readonly commands: RedisClient;
  readonly prefix: string;
  readonly probeMs: number;
  readonly log: Log;
}

/** Lets commands through while Redis answers, and probes it while it does not. */
class Breaker {
  readonly #parts: BreakerParts;
  readonly #listeners = new Set<() => void>();
  #state: "ok" | "away" = "away";
  #reason = "";
  #closed = false;
  #probing = false;

  constructor(parts: BreakerParts) {
    this.#parts = parts;
    const { commands } = parts;
    commands.on("ready", () => {
      this.#writeProbe().then(
        () => this.#markAvailable(),
        (error: unknown) => this.#markUnavailable(error),
      );
    });
    commands.on("close", () => void this.#markUnavailable("the connection closed"));
    this.#probe();
  }

  get state(): "ok" | "away" {
    return this.#state;
  }

  async run<T>(work: (client: RedisClient) => Promise<T>): Promise<T> {
    if (this.#state === "away") throw new RedisAway();
    try {
      return await work(this.#parts.commands);
    } catch (error) {
      if (isReply(error) && !UNAVAILABLE_REPLY.test(reasonOf(error))) throw error;
      throw this.#markUnavailable(error);
    }
  }

  onAvailable(listener: () => void): void {
    this.#listeners.add(listener);
    if (this.#state === "ok") listener();
  }

  waitUntilAvailable(timeoutMs: number): Promise<boolean> {
    if (this.#state === "ok") return Promise.resolve(true);
    return new Promise((resolve) => {
      const settle = (): void => {
        clearTimeout(timer);
        this.#listeners.delete(settle);
        resolve(this.#state === "ok");
      };
      const timer = setTimeout(settle, timeoutMs);
      this.#listeners.add(settle);
    });
  }

  /** Logs each new reason once, not each attempt to connect. */
  warnUnreachable({ message }: Error): void {
    if (!this.#closed && this.#state === "away" && message !== this.#reason)
      this.#parts.log.write("warn", "Redis cannot be reached", { error: message });
    this.#reason = message;
  }

  close(): void {
    this.#closed = true;
    this.#state = "away";
  }

  #markUnavailable(error: unknown): RedisAway {
    if (this.#state === "ok" && !this.#closed)
      this.#parts.log.write("warn", "Redis is away: streams cannot be resumed until it is back", {
        error: String((error as Error)?.message ?? error),
      });
    this.#state = "away";
    this.#probe();
    return new RedisAway({ cause: error });
  }

  #markAvailable(): void {
    if (this.#state === "ok" || this.#closed) return;
    this.#state = "ok";
    this.#parts.log.write("info", "Redis is there");
    for (const listener of this.#listeners) listener();
  }

  /** Writes, since a replica, a full server, or one that is loading may still reply to PING. */
  async #writeProbe(): Promise<void> {
    await this.#parts.commands.set(`${this.#parts.prefix}:probe`, "", "PX", 1_000);
  }

  #probe(): void {
    if (this.#probing || this.#closed) return;
    this.#probing = true;
    const timer = setTimeout(async () => {
      this.#probing = false;
      try {
        if (this.#closed) return;
        await this.#writeProbe();
        this.#markAvailable();
      } catch {
        this.#probe();
      }
    }, this.#parts.probeMs);
    timer.unref();
  }
}

interface Receiver {
  readonly receive: (message: string) => void;
  readonly inForce: () => void;
}

/** The subscribed channels, each with one receiver. */
class Channels {
  readonly #subscriptions: RedisClient;
  readonly #receivers = new Map<string, Receiver>();

  constructor(subscriptions: RedisClient, log: Log) {
    this.#subscriptions = subscriptions;
    subscriptions.on("message", (channel: string, message: string) => {
      try {
        this.#receivers.get(channel)?.receive(message);
      } catch (error) {
        // No message may end the process.
        log.write("error", "a message from Redis could not be handled", { error: String(error) });
      }
    });
    subscriptions.on("ready", () => this.#listenTo([...this.#receivers.keys()]));
  }

  subscribe(channel: string, receive: Receiver["receive"], inForce: Receiver["inForce"] = ignore): () => void {
    this.#receivers.set(channel, { receive, inForce });
    this.#listenTo([channel]);
    return () => {
      this.#receivers.delete(channel);
      this.#subscriptions.unsubscribe(channel).catch(ignore);
    };
  }

  #listenTo(channels: readonly string[]): void {
    if (channels.length === 0) return;
    this.#subscriptions
      .subscribe(...channels)
      .then(() => channels.forEach((channel) => this.#receivers.get(channel)?.inForce()))
      .catch(ignore);
  }
}

/** For failures after which the operation is repeated anyway. */
function ignore(): void {}

function isReply(error: unknown): error is Error {
  return error instanceof Error && error.name === "ReplyError";
}

/** Of a transaction that was not carried out, the refusal of its first command. */
function reasonOf(error: Error & { readonly previousErrors?: readonly Error[] }): string {
  return error.previousErrors?.[0]?.message ?? error.message;
}

/** Whether Redis refused a command because the key holds another type of value. */
export function isWrongType(error: unknown): boolean {
  return isReply(error) && error.message.startsWith("WRONGTYPE");
}

/** The replies of a pipeline. Throws the first error among them, so that `run` sees it. */
export async function runPipeline(pipeline: { exec(): Promise<[Error | null, unknown][] | null> }): Promise<unknown[]> {
  const results = (await pipeline.exec()) ?? [];
  return results.map(([error, value]) => {
    if (error !== null) throw error;
    return value;
  });
}
