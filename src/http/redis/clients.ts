/**
 * Creates the ioredis clients: commands fail fast, the library never sends a command twice, and it closes connections
 * that do not reply.
 */
import { Cluster, Redis, type RedisOptions } from "ioredis";
import type { RedisAddress } from "./address.ts";

export interface RedisClients {
  readonly commands: Redis | Cluster;
  /** The same client for a cluster, which keeps a connection of its own for subscriptions. */
  readonly subscriptions: Redis | Cluster;
}

/** Milliseconds before the next attempt to connect: doubling, with jitter, to about 2 s. */
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
    ...addressOptions(address),
    retryStrategy: retryDelay,
    enableOfflineQueue: false,
    commandTimeout: commandMs,
  };
  // No autoResubscribe: the link itself subscribes again whenever the connection is ready.
  return { commands: new Redis(options), subscriptions: new Redis({ ...options, autoResubscribe: false }) };
}

/** The options of every connection. */
function commonOptions(address: RedisAddress, commandMs: number) {
  return {
    ...(address.username !== undefined && { username: address.username }),
    ...(address.password !== undefined && { password: address.password }),
    ...(address.tls && { tls: {} }),
    // RESP2, which every server, proxy and managed Redis supports.
    protocol: 2,
    disableClientInfo: true,
    connectTimeout: Math.max(2_000, commandMs),
    // Where a reply is due and none comes, the connection is dead or the server hangs.
    socketTimeout: commandMs * 4,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
  } satisfies RedisOptions;
}

/** The options that say where a single server is, or the sentinels that know it. */
function addressOptions(address: Exclude<RedisAddress, { readonly kind: "cluster" }>) {
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
