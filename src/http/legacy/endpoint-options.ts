/** The options of `createLegacyEndpoint` in create-endpoint.ts. */
import type { HttpConfig } from "../../config/http-config.ts";
import type { Log } from "../../log/log.ts";
import type { Registry } from "../../mcp/registry.ts";
import type { RedisLink } from "../redis/link.ts";
import type { Trust } from "../redis/trust.ts";

export interface LegacyEndpointOptions {
  readonly registry: Registry;
  readonly http: Pick<HttpConfig, "sessionMode" | "sessionTimeoutMs" | "maxSessions" | "eventStore">;
  /**
   * Where set, sessions are shared with every instance on the same Redis.
   * The endpoint does not close it: its owner does, after the endpoint has closed.
   */
  readonly redis?: RedisLink;
  /** A secret that only instances with the same settings know; it authenticates what they keep in Redis. */
  readonly secret?: Uint8Array | null;
  /** Decides which data in Redis is trusted; by default made from the encryption key or else `secret`. */
  readonly trust?: Trust;
  readonly log: Log;
  /** The tool that shows what became of a call to `tool`; named where the call's outcome is unknown. */
  readonly checkWith?: (tool: string) => string | undefined;
  readonly timing?: Partial<LegacyTiming>;
}

/** Milliseconds. */
export interface LegacyTiming {
  /** Between keep-alive comments on streams; also how long a call may be silent before its answer becomes a stream. */
  readonly keepAliveMs: number;
  /** How long clients wait before they reconnect: the `retry` of their streams. */
  readonly retryMs: number;
  /** How long a call goes on after its client has disconnected. */
  readonly goneMs: number;
  /** How long events stay in memory after Redis has them, in case it loses them: longer than a restart or failover. */
  readonly heldMs: number;
  /** Between an instance's heartbeats. */
  readonly heartbeatMs: number;
  /** How long an instance counts as alive after its last heartbeat. */
  readonly leaseMs: number;
}
