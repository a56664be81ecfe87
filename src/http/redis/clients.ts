/**
 * ioredis as this server needs it: commands fail fast, the library never sends one twice, and a silent connection is
 * closed.
 */
import { Cluster, Redis, type RedisOptions } from "ioredis";
import type { RedisAddress } from "./address.ts";

export interface RedisClients {
  readonly commands: Redis | Cluster;
  /** The same client for a cluster, which keeps a connection of its own for subscriptions. */
  readonly subscriptions: Redis | Cluster;
}

/** Between attempts to connect: doubling up to 2 s, so that an instance is back soon after Redis is. */
function retryDelay(attempt: number): number {
  return Math.min(2_000, 50 * 2 ** Math.min(attempt, 6)) * (0.75 + Math.random() / 2);
}

export function openClients(address: RedisAddress, commandMs: number): RedisClients {
  const common = commonOptions(address, commandMs);
  if (address.kind === "cluster") {
    const cluster = new Cluster(
      address.nodes.map((node) => ({ ...node })),
      {
        enableOfflineQueue: false,
        clusterRetryStrategy: retryDelay,
        slotsRefreshTimeout: Math.max(2_000, commandMs),
        redisOptions: { ...common, commandTimeout: commandMs },
      },
    );
    return { commands: cluster, subscriptions: cluster };
  }
  const options = {
    ...common,
    ...placeOf(address),
    retryStrategy: retryDelay,
    enableOfflineQueue: false,
    commandTimeout: commandMs,
  };
  // The link subscribes again whenever the connection is ready: it knows the channels, and a failed one is tried again.
  return { commands: new Redis(options), subscriptions: new Redis({ ...options, autoResubscribe: false }) };
}

/** What every connection is opened with. */
function commonOptions(address: RedisAddress, commandMs: number) {
  return {
    ...(address.username !== undefined && { username: address.username }),
    ...(address.password !== undefined && { password: address.password }),
    ...(address.tls && { tls: {} }),
    // RESP2 is what every server, proxy and managed Redis speaks.
    protocol: 2,
    disableClientInfo: true,
    connectTimeout: Math.max(2_000, commandMs),
    // A connection that is open and silent while an answer is due is dead, or its server hangs.
    socketTimeout: commandMs * 4,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
  } satisfies RedisOptions;
}

/** Where a server is that is no cluster, or who knows it. */
function placeOf(address: Exclude<RedisAddress, { readonly kind: "cluster" }>) {
  if (address.kind === "single") return { host: address.host, port: address.port, db: address.db };
  return {
    sentinels: address.nodes.map((node) => ({ ...node })),
    name: address.master,
    db: address.db,
    sentinelRetryStrategy: retryDelay,
    ...(address.sentinelUsername !== undefined && { sentinelUsername: address.sentinelUsername }),
    ...(address.sentinelPassword !== undefined && { sentinelPassword: address.sentinelPassword }),
    ...(address.tls && { enableTLSForSentinelMode: true, sentinelTLS: {} }),
  };
}
