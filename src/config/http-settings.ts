/**
 * The settings of the HTTP server, besides those in src/config/settings.ts. docs/settings.md is made from this table.
 */
import { hostList } from "./http/allowed-hosts.ts";
import { originList } from "./http/allowed-origins.ts";
import { encryptionKey } from "./http/encryption-key.ts";
import { redisUrl } from "./http/redis-url.ts";
import { trustedProxies } from "./http/trusted-proxies.ts";
import {
  bytes,
  flag,
  integer,
  issuer,
  list,
  listenHost,
  oneOf,
  path,
  publicUrl,
  secret,
  secretText,
  text,
  url,
} from "./kinds.ts";
import { scopeList, scopeMap } from "./scope-map.ts";
import { optional, setting } from "./setting.ts";

const day = 86_400_000;

export const HTTP_SETTINGS = {
  MCP_HOST: setting(listenHost, "127.0.0.1", "Address to listen on", { to: "host", flag: "host" }),
  MCP_PORT: setting(integer(0, 65_535), 3000, "Port to listen on; 0 takes a free one", {
    to: "port",
    flag: "port",
    also: ["PORT"],
  }),
  MCP_SESSION_MODE: setting(
    oneOf("stateful", "stateless"),
    "stateful",
    "Whether clients of the legacy era get sessions",
    { to: "sessionMode" },
  ),
  MCP_SESSION_TIMEOUT: setting(integer(1000, 30 * day), 3_600_000, "Milliseconds after which an idle session ends", {
    to: "sessionTimeoutMs",
  }),
  MCP_MAX_SESSIONS: setting(integer(1), 1000, "Sessions open at once", { to: "maxSessions" }),
  MCP_EVENT_STORE: optional(oneOf("off", "memory", "redis"), "Where events are kept for clients that resume a stream", {
    shown: "off; memory when MCP_SESSION_MODE is stateless",
  }),
  MCP_EVENT_TTL_SECONDS: setting(integer(1), 3600, "Seconds that an event is kept"),
  MCP_EVENT_STORE_MAX_EVENTS: setting(
    integer(1),
    10_000,
    "Events that the memory store keeps; a quarter for one principal",
  ),
  MCP_EVENT_STORE_MAX_BYTES: setting(
    bytes,
    67_108_864,
    "Bytes kept in memory, or in Redis by each instance; a quarter for one principal",
  ),
  MCP_REDIS_URL: optional(redisUrl, "Redis: redis://, rediss://, redis+sentinel://, redis+cluster://", {
    file: true,
    also: ["REDIS_URL"],
  }),
  MCP_REDIS_KEY_PREFIX: setting(text, "mcp", "What every Redis key starts with"),
  MCP_EVENT_ENCRYPTION_KEY: optional(
    encryptionKey,
    "32 bytes in hex or base64: encrypts kept events with AES-256-GCM",
    {
      file: true,
      protects: true,
    },
  ),
  MCP_AUTH_MODE: optional(
    oneOf("none", "bearer", "jwt", "clerk", "oauth-proxy", "portkey-gateway"),
    "How callers prove who they are",
    {
      shown: "none, on loopback only",
      protects: true,
    },
  ),
  MCP_ALLOW_UNAUTHENTICATED_HTTP: setting(flag, false, "Allow MCP_AUTH_MODE none on an address others can reach", {
    to: "allowUnauthenticated",
  }),
  MCP_AUTH_TOKEN: optional(
    secretText,
    "Bearer token, or the gateway's secret; several as name:token, comma or line separated",
    {
      file: true,
      protects: true,
    },
  ),
  MCP_JWT_ISSUER: optional(issuer, "Issuer that tokens must come from"),
  MCP_JWT_AUDIENCE: optional(list, "Audiences of which a token must have one", { shown: "MCP_PUBLIC_BASE_URL/mcp" }),
  MCP_JWT_CLIENT_IDS: optional(
    list,
    "Clients whose tokens are accepted though they have no aud, as Cognito's have none",
    {
      shown: "none: every token needs an audience",
    },
  ),
  MCP_JWT_JWKS_URL: optional(url, "The issuer's public keys", { shown: "from the issuer's metadata" }),
  MCP_ALLOW_PRIVATE_ISSUER: setting(flag, false, "Allow an issuer, or keys, at a private address of your network"),
  MCP_JWT_ALGORITHMS: setting(list, ["RS256", "PS256", "ES256", "EdDSA"], "Signature algorithms a token may use"),
  MCP_JWT_CLOCK_TOLERANCE_SECONDS: setting(integer(0, 300), 5, "Seconds that the issuer's clock may differ by"),
  MCP_SCOPE_MAP: optional(scopeMap, "What the issuer's scopes and roles stand for: portkey.read=portkey:read,…", {
    to: "scopeMap",
  }),
  MCP_LOGIN_SCOPES: optional(scopeList, "Scopes that clients ask for besides this server's, such as offline_access", {
    to: "loginScopes",
  }),
  MCP_OAUTH_ISSUER: optional(issuer, "Issuer that people log in at, for MCP_AUTH_MODE oauth-proxy"),
  MCP_OAUTH_CLIENT_ID: optional(text, "The one client that is registered there"),
  MCP_OAUTH_CLIENT_SECRET: optional(secret, "Its secret", { file: true, shown: "none: a public client" }),
  MCP_OAUTH_SCOPES: setting(scopeList, ["openid", "profile", "email"], "Scopes to ask that issuer for"),
  MCP_OAUTH_REDIRECT_HOSTS: optional(
    list,
    "Hosts that clients may have people sent back to, and apps as cursor:; this computer always",
    { shown: "all that the person agrees to", protects: true },
  ),
  MCP_OAUTH_AUTHORIZATION_URL: optional(url, "Where people log in, at an issuer without metadata"),
  MCP_OAUTH_TOKEN_URL: optional(url, "Where codes are redeemed, at an issuer without metadata"),
  MCP_OAUTH_USERINFO_URL: optional(url, "Where the issuer says who somebody is", { shown: "the ID token says it" }),
  MCP_GATEWAY_ISSUER: setting(
    text,
    "portkey-mcp-gateway",
    "Issuer of the identity that Portkey's MCP gateway forwards",
  ),
  MCP_GATEWAY_JWKS_URL: setting(url, "https://mcp.portkey.ai/.well-known/jwks.json", "That gateway's public keys"),
  CLERK_ISSUER: optional(issuer, "Issuer for MCP_AUTH_MODE clerk"),
  CLERK_AUDIENCE: optional(list, "Audiences for MCP_AUTH_MODE clerk", { shown: "MCP_PUBLIC_BASE_URL/mcp" }),
  CLERK_JWKS_URL: optional(url, "Public keys for MCP_AUTH_MODE clerk", { shown: "CLERK_ISSUER/.well-known/jwks.json" }),
  MCP_POLICY_FILE: optional(path, "Who may use which domains, how, with which Portkey key", { protects: true }),
  MCP_CREDENTIALS: setting(
    oneOf("server", "caller", "policy"),
    "server",
    "Whose Portkey key a call uses: the configured ones, the caller's, the policy's",
    { to: "credentials", protects: true },
  ),
  ALLOWED_ORIGINS: optional(originList, "Origins that may connect, as sent or as https://*.example.com", {
    to: "allowedOrigins",
    shown: "loopback origins",
  }),
  MCP_ALLOWED_HOSTS: optional(hostList, "Names that clients and proxies may use in Host, with or without a port", {
    to: "allowedHosts",
    shown: "MCP_HOST, and the hosts of MCP_PUBLIC_BASE_URL and ALLOWED_ORIGINS",
  }),
  MCP_TRUST_PROXY: setting(
    trustedProxies,
    ["loopback"],
    "Proxies whose X-Forwarded headers count: loopback, addresses, a number of hops, none",
    { to: "trustProxy" },
  ),
  MCP_PUBLIC_BASE_URL: optional(publicUrl, "The address clients use, without /mcp", { to: "publicBaseUrl" }),
  MCP_TLS_KEY_PATH: optional(path, "PEM file of the private key", { protects: true }),
  MCP_TLS_CERT_PATH: optional(path, "PEM file of the certificate chain", { protects: true }),
  MCP_TLS_CA_PATH: optional(
    path,
    "PEM file that completes the chain; trust for Portkey and Redis is NODE_EXTRA_CA_CERTS",
  ),
  MCP_READY_CHECK_MODE: setting(oneOf("local", "portkey"), "local", "What /ready checks besides Redis", {
    to: "readyCheckMode",
  }),
  MCP_READY_WITHOUT_REDIS: setting(
    oneOf("degraded", "unready"),
    "degraded",
    "What /ready says while Redis is away: 200 degraded, or 503",
    { to: "readyWithoutRedis" },
  ),
  MCP_METRICS_TOKEN: optional(secret, "Token that /metrics asks for, instead of a caller's", {
    file: true,
    protects: true,
  }),
  MCP_METRICS_PORT: optional(integer(0, 65_535), "Port of its own for /metrics, which is then nowhere else", {
    shown: "MCP_PORT",
  }),
  MCP_METRICS_HOST: optional(listenHost, "Address to listen on there", { shown: "MCP_HOST" }),
  MCP_MAX_REQUEST_SIZE: setting(bytes, 1_048_576, "Largest request body", { to: "maxRequestBytes", shown: "1mb" }),
  MCP_MAX_CONCURRENT_CALLS: setting(integer(1), 64, "Tool calls that may run at once for one principal", {
    to: "maxConcurrentCalls",
  }),
  MCP_CALL_TIMEOUT_MS: setting(integer(1000, day), 900_000, "Milliseconds that one tool call may run", {
    to: "callTimeoutMs",
  }),
  MCP_SHUTDOWN_TIMEOUT_MS: setting(
    integer(0, day),
    10_000,
    "Milliseconds that running calls have to finish on SIGTERM",
    { to: "shutdownTimeoutMs" },
  ),
  MCP_SHUTDOWN_GRACE_MS: setting(
    integer(0, day),
    2_000,
    "Milliseconds that it serves on before that, while /ready says no; 0 refuses new messages at once",
    { to: "shutdownGraceMs" },
  ),
  MCP_ON_HANGUP: setting(
    oneOf("auto", "reload", "end"),
    "auto",
    "What SIGHUP does: read files again, end, or end where the terminal it was started in is gone",
    { to: "onHangup" },
  ),
  RATE_LIMIT_ENABLED: setting(flag, true, "Limit the rate of requests"),
  RATE_LIMIT_MAX: setting(integer(1), 300, "Requests per window, for one address and one principal"),
  RATE_LIMIT_LOGIN_MAX: setting(
    integer(1),
    60,
    "Requests per window for one address to /oauth, with MCP_AUTH_MODE oauth-proxy; a login takes four",
  ),
  RATE_LIMIT_REGISTER_MAX: setting(integer(1), 10, "Registrations of clients per window for one address"),
  RATE_LIMIT_WINDOW_MS: setting(integer(1, day), 60_000, "Milliseconds of a window"),
  RATE_LIMIT_STORE: optional(oneOf("memory", "redis"), "Where requests are counted", {
    shown: "redis where a Redis URL is set, else memory",
  }),
  MCP_AUDIT_LOG: setting(
    text,
    "stderr",
    "One JSON line per tool call: stderr, off, otlp, or a file's path; several by comma",
    { to: "auditLog" },
  ),
  MCP_AUDIT_OVERFLOW: setting(
    oneOf("drop", "refuse", "block"),
    "drop",
    "Where audit lines cannot be written: lose and count them, refuse calls, or wait",
    { to: "auditOverflow", protects: true },
  ),
  MCP_AUDIT_FORMAT: setting(
    oneOf("lines", "ocsf"),
    "lines",
    "How audit lines are written: this server's own form, or OCSF's API Activity",
  ),
  MCP_AUDIT_CHAIN: setting(flag, false, "Each audit line carries the hash of the one before; audit verify reads them", {
    protects: true,
  }),
  MCP_AUDIT_CHAIN_KEY: optional(secretText, "Key of the chain's hashes, so that nobody else can write it anew", {
    file: true,
  }),
  MCP_AUDIT_WEBHOOK_URL: optional(secretText, "Audit lines are posted there too, in batches", { file: true }),
  MCP_AUDIT_WEBHOOK_SECRET: optional(secretText, "Signs what is posted, as Standard Webhooks has it", { file: true }),
  MCP_ALLOW_PRIVATE_WEBHOOK: setting(
    flag,
    false,
    "Allow a webhook at a private address of your network, or plain http",
  ),
} as const;
