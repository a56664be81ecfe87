/** The HTTP configuration of a server on a free loopback port, with everything optional off. */
import type { HttpConfig, RateLimitConfig } from "../../src/config/http-config.ts";

export const HTTP_CONFIG: HttpConfig = {
  host: "127.0.0.1",
  port: 0,
  sessionMode: "stateful",
  sessionTimeoutMs: 60_000,
  maxSessions: 100,
  eventStore: { kind: "off", ttlSeconds: 60, maxEvents: 1_000, maxBytes: 1_000_000, encryptionKey: null },
  redis: null,
  auth: { mode: "none" },
  allowUnauthenticated: false,
  policyFile: null,
  credentials: "server",
  allowedOrigins: null,
  allowedHosts: null,
  trustProxy: false,
  publicBaseUrl: null,
  scopeMap: null,
  loginScopes: null,
  tls: null,
  readyCheckMode: "local",
  readyWithoutRedis: "degraded",
  maxRequestBytes: 1_048_576,
  maxConcurrentCalls: 64,
  callTimeoutMs: 900_000,
  shutdownTimeoutMs: 2_000,
  shutdownGraceMs: 0,
  onHangup: "auto",
  rateLimit: { enabled: false, max: 300, loginMax: 60, registerMax: 10, windowMs: 60_000, store: "memory" },
  auditLog: "off",
  auditOverflow: "drop",
};

/** That configuration with changes. */
export function httpConfig(changes: Partial<HttpConfig> = {}): HttpConfig {
  return { ...HTTP_CONFIG, ...changes };
}

/** Limits that count, in memory where nothing else is said. */
export function rateLimit(changes: Partial<RateLimitConfig>): RateLimitConfig {
  return { ...HTTP_CONFIG.rateLimit, enabled: true, ...changes };
}
