/** What is wrong with the HTTP server's settings: one line each. */
import { describe, expect, test } from "vitest";
import { findMistakes, OAUTH_PROXY, OTHER, TOKEN, type Env } from "./http-environment.ts";

describe("one mistake is one line", () => {
  const cases: [string, Env, RegExp][] = [
    [
      "open to others without authentication",
      { MCP_HOST: "0.0.0.0" },
      /^MCP_HOST is "0\.0\.0\.0".*MCP_ALLOW_UNAUTHENTICATED_HTTP/,
    ],
    ["no port", { MCP_PORT: "65536" }, /^MCP_PORT is 65536\. The most is 65535/],
    ["bearer without a token", { MCP_AUTH_MODE: "bearer" }, /^MCP_AUTH_TOKEN is not set/],
    [
      "a short token",
      { MCP_AUTH_MODE: "bearer", MCP_AUTH_TOKEN: "ci:short" },
      /^MCP_AUTH_TOKEN, entry 1 \(ci\): the token is shorter than 16/,
    ],
    [
      "a token that no header carries",
      { MCP_AUTH_MODE: "bearer", MCP_AUTH_TOKEN: "ci:ä234567890123456" },
      /entry 1 \(ci\): the token has characters/,
    ],
    [
      "two tokens of one name",
      { MCP_AUTH_MODE: "bearer", MCP_AUTH_TOKEN: `${TOKEN},${OTHER}` },
      /two tokens the same name/,
    ],
    [
      "one token of two names",
      { MCP_AUTH_MODE: "bearer", MCP_AUTH_TOKEN: `a:${OTHER},b:${OTHER}` },
      /one token two names/,
    ],
    ["jwt without an issuer", { MCP_AUTH_MODE: "jwt", MCP_JWT_AUDIENCE: "a" }, /^MCP_JWT_ISSUER is not set/],
    [
      "jwt without an audience",
      { MCP_AUTH_MODE: "jwt", MCP_JWT_ISSUER: "https://t.example.com" },
      /^MCP_JWT_AUDIENCE is not set.*MCP_PUBLIC_BASE_URL/,
    ],
    [
      "keys over plain http",
      { MCP_AUTH_MODE: "jwt", MCP_JWT_ISSUER: "http://t.example.com", MCP_JWT_AUDIENCE: "a" },
      /^MCP_JWT_ISSUER .*https/,
    ],
    ["a map of scopes to no scope of ours", { MCP_SCOPE_MAP: "a=read" }, /^MCP_SCOPE_MAP has "a=read". Use name=scope/],
    ["a map of scopes without names", { MCP_SCOPE_MAP: "=portkey:read" }, /^MCP_SCOPE_MAP has "=portkey:read"/],
    ["a map of nothing", { MCP_SCOPE_MAP: " , " }, /^MCP_SCOPE_MAP is ",", which names nothing/],
    ["a scope that is none", { MCP_LOGIN_SCOPES: 'a"b' }, /^MCP_LOGIN_SCOPES has "a"b", which is no scope/],
    ["a clock that means nothing", { MCP_JWT_CLOCK_TOLERANCE_SECONDS: "3600" }, /The most is 300/],
    [
      "the gateway without a secret",
      { MCP_AUTH_MODE: "portkey-gateway" },
      /^MCP_AUTH_TOKEN is not set.*portkey-gateway/,
    ],
    [
      "a proxy for logins without an issuer",
      OAUTH_PROXY,
      /^MCP_OAUTH_ISSUER is not set. Give the issuer, or .*MCP_OAUTH_USERINFO_URL/,
    ],
    [
      "a proxy for logins at an issuer and another address",
      { ...OAUTH_PROXY, MCP_OAUTH_ISSUER: "https://a.example.com", MCP_OAUTH_TOKEN_URL: "https://b.example.com/t" },
      /^MCP_OAUTH_ISSUER is set, and so is/,
    ],
    [
      "a proxy for logins that is itself reached over plain http",
      { ...OAUTH_PROXY, MCP_OAUTH_ISSUER: "https://a.example.com", MCP_PUBLIC_BASE_URL: "http://mcp.example.com" },
      /^MCP_PUBLIC_BASE_URL .*must be https/,
    ],
    [
      "a proxy for logins with an address where a host belongs",
      { ...OAUTH_PROXY, MCP_OAUTH_ISSUER: "https://a.example.com", MCP_OAUTH_REDIRECT_HOSTS: "https://claude.ai" },
      /^MCP_OAUTH_REDIRECT_HOSTS has "https:\/\/claude.ai"/,
    ],
    [
      "a proxy for logins over plain http",
      { ...OAUTH_PROXY, MCP_OAUTH_ISSUER: "http://a.example.com" },
      /^MCP_OAUTH_ISSUER .*https/,
    ],
    ...(["MCP_PUBLIC_BASE_URL", "MCP_OAUTH_CLIENT_ID", "MCP_POLICY_FILE"] as const).map(
      (name): [string, Env, RegExp] => [
        `a proxy for logins without ${name}`,
        { ...OAUTH_PROXY, MCP_OAUTH_ISSUER: "https://a.example.com", [name]: "" },
        new RegExp(`^${name} is not set. MCP_AUTH_MODE=oauth-proxy needs it`),
      ],
    ),
    [
      "a symmetric algorithm",
      {
        MCP_AUTH_MODE: "jwt",
        MCP_JWT_ISSUER: "https://t.example.com",
        MCP_JWT_AUDIENCE: "a",
        MCP_JWT_ALGORITHMS: "HS256",
      },
      /^MCP_JWT_ALGORITHMS has "HS256"/,
    ],
    ["redis without its URL", { MCP_EVENT_STORE: "redis" }, /^MCP_EVENT_STORE is redis, and MCP_REDIS_URL is not set/],
    ["rates in redis without its URL", { RATE_LIMIT_STORE: "redis" }, /^RATE_LIMIT_STORE is redis/],
    [
      "a URL that is none of Redis's",
      { MCP_REDIS_URL: "http://:hush@r", MCP_EVENT_STORE: "redis" },
      /^MCP_REDIS_URL must start with redis:\/\//,
    ],
    ["a short encryption key", { MCP_EVENT_ENCRYPTION_KEY: "abc" }, /^MCP_EVENT_ENCRYPTION_KEY is not 32 bytes/],
    ["every origin", { ALLOWED_ORIGINS: "*" }, /^ALLOWED_ORIGINS has "\*"/],
    ...["https://*", "https://*.com", "https://a.*.example.com", "https://*example.com", "null", "example.com"].map(
      (origin): [string, Env, RegExp] => [
        `the origin ${origin}`,
        { ALLOWED_ORIGINS: origin },
        /^ALLOWED_ORIGINS has "/,
      ],
    ),
    ["a host that is none", { MCP_ALLOWED_HOSTS: "https://x/y" }, /^MCP_ALLOWED_HOSTS has "https:\/\/x\/y"/],
    ["every proxy", { MCP_TRUST_PROXY: "true" }, /^MCP_TRUST_PROXY must name the proxies/],
    [
      "a proxy by name",
      { MCP_TRUST_PROXY: "loopback,proxy.example.com" },
      /^MCP_TRUST_PROXY has "proxy\.example\.com"/,
    ],
    [
      "a short token for the metrics",
      { MCP_METRICS_TOKEN: "short" },
      /^MCP_METRICS_TOKEN: the token is shorter than 16/,
    ],
    [
      "a caller's token for the metrics",
      { MCP_AUTH_MODE: "bearer", MCP_AUTH_TOKEN: `ci:${OTHER}`, MCP_METRICS_TOKEN: OTHER },
      /^MCP_METRICS_TOKEN is one of MCP_AUTH_TOKEN too/,
    ],
    ["the metrics' address without a port", { MCP_METRICS_HOST: "::1" }, /^MCP_METRICS_HOST is set without/],
    [
      "one port for both",
      { MCP_PORT: "8080", MCP_METRICS_PORT: "8080" },
      /^MCP_METRICS_PORT is 8080, which is MCP_PORT too/,
    ],
    ["half of TLS", { MCP_TLS_KEY_PATH: "/k" }, /^MCP_TLS_CERT_PATH is not set/],
    ["TLS authorities alone", { MCP_TLS_CA_PATH: "/c" }, /^MCP_TLS_CA_PATH is set without/],
    [
      "a certificate that is not there",
      { MCP_TLS_KEY_PATH: "/nowhere/k", MCP_TLS_CERT_PATH: "/nowhere/c" },
      /^MCP_TLS_KEY_PATH: cannot read "\/nowhere\/k" \(ENOENT\)/,
    ],
    [
      "a key of no chain",
      { MCP_AUDIT_CHAIN_KEY: TOKEN },
      /^MCP_AUDIT_CHAIN_KEY is set, and MCP_AUDIT_CHAIN is not true/,
    ],
    ["a webhook that signs nothing", { MCP_AUDIT_WEBHOOK_URL: "https://hush/x" }, /without MCP_AUDIT_WEBHOOK_SECRET/],
    [
      "a webhook nowhere",
      { MCP_AUDIT_WEBHOOK_URL: "siem", MCP_AUDIT_WEBHOOK_SECRET: TOKEN },
      /^MCP_AUDIT_WEBHOOK_URL is no URL/,
    ],
    [
      "a webhook in the clear",
      { MCP_AUDIT_WEBHOOK_URL: "http://hush.example.com", MCP_AUDIT_WEBHOOK_SECRET: TOKEN },
      /^MCP_AUDIT_WEBHOOK_URL must start with https/,
    ],
    [
      "a collector that callers wait for",
      { MCP_AUDIT_LOG: "otlp", MCP_AUDIT_OVERFLOW: "block" },
      /^MCP_AUDIT_OVERFLOW is block, which only stderr and files can do/,
    ],
    ["a policy file that is not there", { MCP_POLICY_FILE: "/nowhere/p" }, /^MCP_POLICY_FILE: cannot read/],
    [
      "the policy's keys without a policy",
      { MCP_CREDENTIALS: "policy" },
      /^MCP_CREDENTIALS is policy, and MCP_POLICY_FILE is not set/,
    ],
  ];
  test.each(cases)("%s", (_title, env, want) => {
    const lines = findMistakes(env);
    expect(lines).toEqual([expect.stringMatching(want)]);
    expect(lines[0]).not.toContain("hush");
  });
});
