/**
 * The HTTP server's configuration: read, checked, frozen. Loaded only when HTTP is asked for.
 */
import { MAIN_EDITION } from "../catalog/editions.ts";
import { isLoopback } from "./base-url.ts";
import { auditForm } from "./http-audit.ts";
import { authConfig } from "./http-auth.ts";
import type { EventStoreConfig, HttpConfig, RateLimitConfig, RedisConfig } from "./http-config.ts";
import { metricsConfig } from "./http/metrics.ts";
import { HTTP_SETTINGS } from "./http-settings.ts";
import { refuse } from "./load-config.ts";
import type { Source } from "./read-settings.ts";
import { readSettingFile, readSettings } from "./read-settings.ts";
import { membersOf, type Values } from "./setting.ts";
import { tlsConfig } from "./tls.ts";
import { SETTINGS } from "./settings.ts";

type HttpValues = Values<typeof HTTP_SETTINGS>;

/** The frozen HttpConfig. Throws CONFIG with one line for each mistake. */
export function loadHttpConfig(source: Source): HttpConfig {
  const mistakes: string[] = [];
  const warnings: string[] = [];
  const values = readSettings(HTTP_SETTINGS, source, mistakes, warnings);
  const attempt = <Value>(make: () => Value, otherwise: Value): Value => {
    try {
      return make();
    } catch (error) {
      mistakes.push((error as Error).message);
      return otherwise;
    }
  };

  const auth = authConfig(values, mistakes);
  if (auth.mode === "none" && !isLoopback(values.MCP_HOST) && !values.MCP_ALLOW_UNAUTHENTICATED_HTTP) {
    mistakes.push(
      `MCP_HOST is "${values.MCP_HOST}", which others can reach, and MCP_AUTH_MODE is none. Set MCP_AUTH_MODE to bearer, jwt or another, or MCP_ALLOW_UNAUTHENTICATED_HTTP=true.`,
    );
  }
  const metrics = metricsConfig(values, auth, mistakes, warnings);
  const redis = attempt(() => redisConfig(values), null);
  const needsRedis = redis === null && !mistakes.some((line) => line.includes("REDIS_URL"));
  if (needsRedis && values.MCP_EVENT_STORE === "redis")
    mistakes.push("MCP_EVENT_STORE is redis, and MCP_REDIS_URL is not set.");
  if (needsRedis && values.RATE_LIMIT_STORE === "redis")
    mistakes.push("RATE_LIMIT_STORE is redis, and MCP_REDIS_URL is not set.");
  if (values.MCP_CREDENTIALS === "policy" && values.MCP_POLICY_FILE === null) {
    mistakes.push("MCP_CREDENTIALS is policy, and MCP_POLICY_FILE is not set.");
  }

  const config: HttpConfig = {
    ...upstreamOf(source),
    ...membersOf(HTTP_SETTINGS, values),
    eventStore: attempt(() => eventStoreConfig(values), NO_EVENT_STORE),
    redis,
    auth,
    ...(values.MCP_SCOPE_MAP !== null && { scopeMap: values.MCP_SCOPE_MAP }),
    ...(values.MCP_LOGIN_SCOPES !== null && { loginScopes: values.MCP_LOGIN_SCOPES }),
    policyFile: attempt(() => policyFile(values.MCP_POLICY_FILE, source), null),
    allowedOrigins: attempt(() => origins(values.ALLOWED_ORIGINS), null),
    allowedHosts: attempt(() => hosts(values.MCP_ALLOWED_HOSTS), null),
    trustProxy: attempt(() => trustedProxies(values.MCP_TRUST_PROXY), false),
    tls: attempt(() => tlsConfig(values, source), null),
    ...(values.MCP_SHUTDOWN_GRACE_MS !== HTTP_SETTINGS.MCP_SHUTDOWN_GRACE_MS.fallback && {
      shutdownGraceMs: values.MCP_SHUTDOWN_GRACE_MS,
    }),
    ...(values.MCP_ON_HANGUP !== "auto" && { onHangup: values.MCP_ON_HANGUP }),
    rateLimit: rateLimitConfig(values, redis),
    ...(metrics && { metrics }),
    audit: auditForm(values, mistakes),
  };
  refuse(mistakes);
  return Object.freeze({ ...config, ...(warnings.length > 0 && { warnings }) });
}

/** What of the other settings callers' own credentials follow; mistakes in them are told where they are loaded. */
function upstreamOf(source: Source): Pick<HttpConfig, "edition" | "sendsTenant"> {
  const { PORTKEY_EDITION, PRISMA_AIRS_SEND_TSG_ID } = SETTINGS;
  const values = readSettings({ PORTKEY_EDITION, PRISMA_AIRS_SEND_TSG_ID }, source, []);
  if (values.PORTKEY_EDITION === MAIN_EDITION) return {};
  return { edition: values.PORTKEY_EDITION, sendsTenant: values.PRISMA_AIRS_SEND_TSG_ID };
}

const { RATE_LIMIT_LOGIN_MAX, RATE_LIMIT_REGISTER_MAX } = HTTP_SETTINGS;

function rateLimitConfig(values: HttpValues, redis: RedisConfig | null): RateLimitConfig {
  const { RATE_LIMIT_LOGIN_MAX: loginMax, RATE_LIMIT_REGISTER_MAX: registerMax } = values;
  return {
    enabled: values.RATE_LIMIT_ENABLED,
    max: values.RATE_LIMIT_MAX,
    ...(loginMax !== RATE_LIMIT_LOGIN_MAX.fallback && { loginMax }),
    ...(registerMax !== RATE_LIMIT_REGISTER_MAX.fallback && { registerMax }),
    windowMs: values.RATE_LIMIT_WINDOW_MS,
    store: values.RATE_LIMIT_STORE ?? (redis === null ? "memory" : "redis"),
  };
}

const NO_EVENT_STORE: EventStoreConfig = { kind: "off", ttlSeconds: 0, maxEvents: 0, maxBytes: 0, encryptionKey: null };

function eventStoreConfig(values: HttpValues): EventStoreConfig {
  return {
    kind: values.MCP_EVENT_STORE ?? (values.MCP_SESSION_MODE === "stateless" ? "memory" : "off"),
    ttlSeconds: values.MCP_EVENT_TTL_SECONDS,
    maxEvents: values.MCP_EVENT_STORE_MAX_EVENTS,
    maxBytes: values.MCP_EVENT_STORE_MAX_BYTES,
    encryptionKey: encryptionKey(values.MCP_EVENT_ENCRYPTION_KEY),
  };
}

function encryptionKey(text: string | null): Uint8Array | null {
  if (text === null) return null;
  const key = /^[0-9a-f]{64}$/i.test(text) ? Buffer.from(text, "hex") : Buffer.from(text, "base64");
  if (key.length !== 32)
    throw new Error("MCP_EVENT_ENCRYPTION_KEY is not 32 bytes in hex or base64. Make one with: openssl rand -hex 32");
  return key;
}

const REDIS_URL = /^(rediss?|rediss?\+(sentinel|cluster)):\/\/[^\s/]+/;

/**
 * A comma-separated list names the nodes of a cluster or the sentinels; each must look like a Redis URL or host:port.
 */
function redisConfig(values: HttpValues): RedisConfig | null {
  const url = values.MCP_REDIS_URL;
  if (url === null) return null;
  if (!REDIS_URL.test(url))
    throw new Error(
      "MCP_REDIS_URL must start with redis://, rediss://, redis+sentinel:// or redis+cluster:// and name a host.",
    );
  return { url, keyPrefix: values.MCP_REDIS_KEY_PREFIX };
}

function policyFile(path: string | null, source: Source): HttpConfig["policyFile"] {
  return path === null ? null : { path, text: readSettingFile("MCP_POLICY_FILE", path, source) };
}

function origins(configured: readonly string[] | null): readonly string[] | null {
  return configured?.map(originOf) ?? null;
}

/** Apps and extensions have schemes of their own, whose origins are sent as they are. */
const APP_ORIGIN = /^(?!https?:)[a-z][a-z0-9+.-]*:\/\/[a-z0-9._~-]*(:\d{1,5})?$/i;
/** Any subdomain of a domain with at least two labels. */
const PATTERN = /^https?:\/\/\*(\.[a-z0-9-]+){2,}(:\d{1,5})?$/i;

function originOf(configured: string): string {
  if (PATTERN.test(configured)) return configured.toLowerCase();
  if (APP_ORIGIN.test(configured)) return configured;
  const origin = URL.canParse(configured) ? new URL(configured).origin : "null";
  if (origin === "null" || origin.includes("*")) {
    throw new Error(
      `ALLOWED_ORIGINS has "${configured}". Give origins such as https://app.example.com or https://*.example.com; * is not accepted.`,
    );
  }
  return origin;
}

function hosts(configured: readonly string[] | null): readonly string[] | null {
  for (const host of configured ?? []) {
    if (!/^[a-z0-9._[\]:-]+$/i.test(host) || !URL.canParse(`http://${host}`))
      throw new Error(`MCP_ALLOWED_HOSTS has "${host}". Give names such as mcp.internal or mcp.internal:8443.`);
  }
  return configured;
}

function trustedProxies(configured: readonly string[]): HttpConfig["trustProxy"] {
  const [first, ...rest] = configured;
  if (first === undefined || first === "none" || first === "false") return false;
  if (first === "true" || first === "*")
    throw new Error(
      "MCP_TRUST_PROXY must name the proxies, or their number: trusting everyone lets any caller choose its address.",
    );
  if (rest.length === 0 && /^\d+$/.test(first)) return Number(first) === 0 ? false : Number(first);
  const wrong = configured.find((entry) => !PROXY.test(entry));
  if (wrong !== undefined)
    throw new Error(
      `MCP_TRUST_PROXY has "${wrong}". Use loopback, linklocal, uniquelocal, addresses, or ranges such as 10.0.0.0/8.`,
    );
  return configured;
}

const PROXY = /^(loopback|linklocal|uniquelocal|[0-9.]+(\/\d{1,2})?|[0-9a-f:]*:[0-9a-f:.]*(\/\d{1,3})?)$/i;
