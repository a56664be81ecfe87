/** What the legacy era's endpoint is made from: `createLegacyEndpoint(options)` in create-endpoint.ts. */
import type { HttpConfig } from "../../config/http-config.ts";
import type { Log } from "../../log/log.ts";
import type { Registry } from "../../mcp/registry.ts";
import type { RedisLink } from "../redis/link.ts";
import type { Trust } from "../redis/trust.ts";

export interface LegacyEndpointOptions {
  readonly registry: Registry;
  readonly http: Pick<HttpConfig, "sessionMode" | "sessionTimeoutMs" | "maxSessions" | "eventStore">;
  /**
   * Where set, sessions are shared with every instance on the same Redis; closed by whoever opened it, after the
   * endpoint.
   */
  readonly redis?: RedisLink;
  /** What instances with the same settings share and nobody else knows: authenticates what is in Redis. */
  readonly secret?: Uint8Array | null;
  /** What of Redis is believed; by default what the encryption key or else `secret` tells. */
  readonly trust?: Trust;
  readonly log: Log;
  /** The tool that shows what became of a call to `tool`; for calls whose outcome is unknown. */
  readonly checkWith?: (tool: string) => string | undefined;
  readonly timing?: Partial<LegacyTiming>;
}

/** Milliseconds. */
export interface LegacyTiming {
  /** Between comments on quiet streams; also how long a call may be silent before its answer becomes a stream. */
  readonly keepAliveMs: number;
  /** How long clients wait before they reconnect: the `retry` of their streams. */
  readonly retryMs: number;
  /** How long a call goes on whose client has gone and has not come back for it. */
  readonly goneMs: number;
  /** How long events stay in memory that Redis has, but may lose: longer than it takes to restart or fail over. */
  readonly heldMs: number;
  /** Between an instance's signs of life. */
  readonly heartbeatMs: number;
  /** How long an instance counts as alive after its last sign. */
  readonly leaseMs: number;
}
