/**
 * Reads, checks and freezes the HTTP server's configuration. Loaded only where HTTP is needed.
 */
import { MAIN_EDITION } from "../catalog/editions.ts";
import { auditForm } from "./http-audit.ts";
import { authConfig } from "./http-auth.ts";
import type { EventStoreConfig, HttpConfig, RateLimitConfig, RedisConfig } from "./http-config.ts";
import { metricsConfig } from "./http/metrics.ts";
import { missingAuthentication, missingSettings } from "./http/missing-settings.ts";
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
  const auth = authConfig(values, mistakes);
  mistakes.push(...missingAuthentication(values, auth), ...missingSettings(values, mistakes));
  const metrics = metricsConfig(values, auth, mistakes, warnings);
  const config: HttpConfig = {
    ...upstreamOf(source),
    ...membersOf(HTTP_SETTINGS, values),
    eventStore: eventStoreConfig(values),
    redis: redisConfig(values),
    auth,
    policyFile: attempt(mistakes, () => readPolicyText(values, source)),
    tls: attempt(mistakes, () => tlsConfig(values, source)),
    rateLimit: rateLimitConfig(values),
    ...(metrics && { metrics }),
    audit: auditForm(values, mistakes),
  };
  refuse(mistakes);
  return Object.freeze({ ...config, ...(warnings.length > 0 && { warnings }) });
}

/** The result of `make`. Where it throws, adds the message to `mistakes` and returns null. */
function attempt<Made>(mistakes: string[], make: () => Made): Made | null {
  try {
    return make();
  } catch (error) {
    mistakes.push((error as Error).message);
    return null;
  }
}

/** The common settings that decide about callers' credentials. loadConfig reports mistakes in them. */
function upstreamOf(source: Source): Pick<HttpConfig, "edition" | "sendsTenant"> {
  const { PORTKEY_EDITION, PRISMA_AIRS_SEND_TSG_ID } = SETTINGS;
  const values = readSettings({ PORTKEY_EDITION, PRISMA_AIRS_SEND_TSG_ID }, source, []);
  if (values.PORTKEY_EDITION === MAIN_EDITION) return {};
  return { edition: values.PORTKEY_EDITION, sendsTenant: values.PRISMA_AIRS_SEND_TSG_ID };
}

function eventStoreConfig(values: HttpValues): EventStoreConfig {
  return {
    kind: values.MCP_EVENT_STORE ?? (values.MCP_SESSION_MODE === "stateless" ? "memory" : "off"),
    ttlSeconds: values.MCP_EVENT_TTL_SECONDS,
    maxEvents: values.MCP_EVENT_STORE_MAX_EVENTS,
    maxBytes: values.MCP_EVENT_STORE_MAX_BYTES,
    encryptionKey: values.MCP_EVENT_ENCRYPTION_KEY,
  };
}

function redisConfig(values: HttpValues): RedisConfig | null {
  const { MCP_REDIS_URL: url, MCP_REDIS_KEY_PREFIX: keyPrefix } = values;
  return url === null ? null : { url, keyPrefix };
}

function rateLimitConfig(values: HttpValues): RateLimitConfig {
  return {
    enabled: values.RATE_LIMIT_ENABLED,
    max: values.RATE_LIMIT_MAX,
    loginMax: values.RATE_LIMIT_LOGIN_MAX,
    registerMax: values.RATE_LIMIT_REGISTER_MAX,
    windowMs: values.RATE_LIMIT_WINDOW_MS,
    store: values.RATE_LIMIT_STORE ?? (values.MCP_REDIS_URL === null ? "memory" : "redis"),
  };
}

/** Throws an Error that names the setting where the file cannot be read. */
function readPolicyText({ MCP_POLICY_FILE: path }: HttpValues, source: Source): HttpConfig["policyFile"] {
  return path === null ? null : { path, text: readSettingFile("MCP_POLICY_FILE", path, source) };
}
