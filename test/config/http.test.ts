import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { load, OAUTH_PROXY, OTHER, TOKEN, type Env } from "./http-environment.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "http-config-"));
  for (const name of ["key", "cert", "ca", "policy"]) writeFileSync(join(folder, name), `the ${name}`);
  writeFileSync(join(folder, "tokens"), `ci:${TOKEN}\nops:${OTHER}\n`);
});
afterAll(() => rmSync(folder, { recursive: true }));

test("nothing given: a stateful server for this machine alone", () => {
  const config = load({});
  expect(Object.isFrozen(config)).toBe(true);
  expect(config).toEqual({
    host: "127.0.0.1",
    port: 3000,
    sessionMode: "stateful",
    sessionTimeoutMs: 3_600_000,
    maxSessions: 1000,
    eventStore: { kind: "off", ttlSeconds: 3600, maxEvents: 10_000, maxBytes: 67_108_864, encryptionKey: null },
    redis: null,
    auth: { mode: "none" },
    allowUnauthenticated: false,
    policyFile: null,
    credentials: "server",
    allowedOrigins: null,
    allowedHosts: null,
    trustProxy: ["loopback"],
    publicBaseUrl: null,
    tls: null,
    readyCheckMode: "local",
    readyWithoutRedis: "degraded",
    maxRequestBytes: 1_048_576,
    maxConcurrentCalls: 64,
    callTimeoutMs: 900_000,
    shutdownTimeoutMs: 10_000,
    shutdownGraceMs: 2_000,
    onHangup: "auto",
    scopeMap: null,
    loginScopes: null,
    rateLimit: { enabled: true, max: 300, loginMax: 60, registerMax: 10, windowMs: 60_000, store: "memory" },
    auditLog: "stderr",
    auditOverflow: "drop",
    audit: { format: "lines", webhook: null },
  });
});

describe("settings that are given", () => {
  const cases: [string, Env, object][] = [
    ["stateless sessions keep events in memory", { MCP_SESSION_MODE: "stateless" }, { eventStore: { kind: "memory" } }],
    ["unless told not to", { MCP_SESSION_MODE: "stateless", MCP_EVENT_STORE: "off" }, { eventStore: { kind: "off" } }],
    ["PORT where MCP_PORT is not given", { PORT: "8080" }, { port: 8080 }],
    ["MCP_PORT before PORT", { PORT: "8080", MCP_PORT: "0" }, { port: 0 }],
    [
      "REDIS_URL where MCP_REDIS_URL is not given",
      { REDIS_URL: "redis://r:6379/1", MCP_EVENT_STORE: "redis" },
      {
        redis: { url: "redis://r:6379/1", keyPrefix: "mcp" },
        eventStore: { kind: "redis" },
        rateLimit: { store: "redis" },
      },
    ],
    [
      "Sentinel",
      { MCP_REDIS_URL: "redis+sentinel://a:26379,b:26379/main" },
      { redis: { url: "redis+sentinel://a:26379,b:26379/main" } },
    ],
    [
      "Redis with its rates in memory",
      { MCP_REDIS_URL: "rediss://r", RATE_LIMIT_STORE: "memory" },
      { rateLimit: { store: "memory" } },
    ],
    [
      "an encryption key in hex",
      { MCP_EVENT_ENCRYPTION_KEY: "00".repeat(32) },
      { eventStore: { encryptionKey: Buffer.alloc(32) } },
    ],
    [
      "an encryption key in base64",
      { MCP_EVENT_ENCRYPTION_KEY: Buffer.alloc(32, 7).toString("base64") },
      { eventStore: { encryptionKey: Buffer.alloc(32, 7) } },
    ],
    [
      "metrics beside the rest with a token, and at a port of their own",
      { MCP_METRICS_TOKEN: OTHER, MCP_METRICS_PORT: "9464" },
      { metrics: { token: OTHER, port: 9464, host: "127.0.0.1" } },
    ],
    [
      "one token",
      { MCP_AUTH_MODE: "bearer", MCP_AUTH_TOKEN: TOKEN },
      { auth: { mode: "bearer", tokens: [{ name: "bearer", token: TOKEN }] } },
    ],
    [
      "several tokens",
      { MCP_AUTH_MODE: "bearer", MCP_AUTH_TOKEN: `ci:${TOKEN}, ops:${OTHER}` },
      {
        auth: {
          tokens: [
            { name: "ci", token: TOKEN },
            { name: "ops", token: OTHER },
          ],
        },
      },
    ],
    [
      "an issuer, its slash kept",
      { MCP_AUTH_MODE: "jwt", MCP_JWT_ISSUER: "https://t.example.com/", MCP_JWT_AUDIENCE: "a,b" },
      {
        auth: {
          mode: "jwt",
          issuer: "https://t.example.com/",
          audience: ["a", "b"],
          jwksUrl: null,
          algorithms: ["RS256", "PS256", "ES256", "EdDSA"],
        },
      },
    ],
    [
      "the audience is this server where its address is known",
      {
        MCP_AUTH_MODE: "jwt",
        MCP_JWT_ISSUER: "https://t.example.com",
        MCP_PUBLIC_BASE_URL: "https://mcp.example.com/",
      },
      {
        auth: { audience: ["https://mcp.example.com/mcp"] },
        publicBaseUrl: "https://mcp.example.com",
      },
    ],
    [
      "an issuer without audiences and colons, with a clock of its own",
      {
        MCP_AUTH_MODE: "jwt",
        MCP_JWT_ISSUER: "https://t.example.com",
        MCP_JWT_CLIENT_IDS: "web, cli",
        MCP_JWT_CLOCK_TOLERANCE_SECONDS: "60",
        MCP_SCOPE_MAP: "api://x/a=b=portkey:read, portkey.write=portkey:write",
        MCP_LOGIN_SCOPES: "openid offline_access",
      },
      {
        auth: { audience: [], clientIds: ["web", "cli"], clockToleranceSeconds: 60 },
        scopeMap: [
          ["api://x/a=b", "portkey:read"],
          ["portkey.write", "portkey:write"],
        ],
        loginScopes: ["openid", "offline_access"],
      },
    ],
    [
      "one client at an issuer that registers none",
      { ...OAUTH_PROXY, MCP_OAUTH_ISSUER: "https://accounts.example.com", MCP_OAUTH_CLIENT_SECRET: "s3cret" },
      {
        auth: {
          mode: "oauth-proxy",
          issuer: "https://accounts.example.com",
          endpoints: null,
          userinfo: null,
          clientId: "portkey-mcp",
          clientSecret: "s3cret",
          scopes: ["openid", "profile", "email"],
        },
      },
    ],
    [
      "an issuer without metadata",
      {
        ...OAUTH_PROXY,
        MCP_OAUTH_AUTHORIZATION_URL: "https://hub.example.com/authorize",
        MCP_OAUTH_TOKEN_URL: "https://hub.example.com/token",
        MCP_OAUTH_USERINFO_URL: "https://api.hub.example.com/user",
        MCP_OAUTH_SCOPES: "read:user",
      },
      {
        auth: {
          issuer: null,
          endpoints: { authorization: "https://hub.example.com/authorize", token: "https://hub.example.com/token" },
          userinfo: "https://api.hub.example.com/user",
          clientSecret: null,
          scopes: ["read:user"],
        },
      },
    ],
    [
      "Portkey's gateway in front",
      { MCP_AUTH_MODE: "portkey-gateway", MCP_AUTH_TOKEN: `gateway:${TOKEN}` },
      {
        auth: {
          mode: "portkey-gateway",
          tokens: [{ name: "gateway", token: TOKEN }],
          issuer: "portkey-mcp-gateway",
          jwksUrl: "https://mcp.portkey.ai/.well-known/jwks.json",
        },
      },
    ],
    [
      "Clerk's keys",
      { MCP_AUTH_MODE: "clerk", CLERK_ISSUER: "https://c.example.com", CLERK_AUDIENCE: "a" },
      {
        auth: { mode: "clerk", jwksUrl: "https://c.example.com/.well-known/jwks.json" },
      },
    ],
    [
      "an open host with authentication",
      { MCP_HOST: "0.0.0.0", MCP_AUTH_MODE: "bearer", MCP_AUTH_TOKEN: TOKEN },
      { host: "0.0.0.0" },
    ],
    [
      "an open host, by its word",
      { MCP_HOST: "0.0.0.0", MCP_ALLOW_UNAUTHENTICATED_HTTP: "true" },
      { auth: { mode: "none" }, allowUnauthenticated: true },
    ],
    [
      "origins as browsers send them",
      { ALLOWED_ORIGINS: "https://App.example.com/, http://localhost:6274" },
      { allowedOrigins: ["https://app.example.com", "http://localhost:6274"] },
    ],
    [
      "origins of apps and extensions to the letter, and patterns",
      { ALLOWED_ORIGINS: "chrome-extension://AbC,vscode-webview://1x,tauri://localhost,https://*.Example.com:8443" },
      {
        allowedOrigins: [
          "chrome-extension://AbC",
          "vscode-webview://1x",
          "tauri://localhost",
          "https://*.example.com:8443",
        ],
      },
    ],
    ["hosts", { MCP_ALLOWED_HOSTS: "mcp.internal,other:8443" }, { allowedHosts: ["mcp.internal", "other:8443"] }],
    ["a number of proxies", { MCP_TRUST_PROXY: "2" }, { trustProxy: 2 }],
    ["no proxy", { MCP_TRUST_PROXY: "none" }, { trustProxy: false }],
    [
      "proxies by address",
      { MCP_TRUST_PROXY: "loopback,10.0.0.0/8,fd00::/8" },
      { trustProxy: ["loopback", "10.0.0.0/8", "fd00::/8"] },
    ],
  ];
  test.each(cases)("%s", (_title, env, want) => {
    expect(load(env)).toMatchObject(want);
  });

  test("the files that settings name are read", () => {
    const env = {
      MCP_TLS_KEY_PATH: "key",
      MCP_TLS_CERT_PATH: "cert",
      MCP_TLS_CA_PATH: "ca",
      MCP_POLICY_FILE: "policy",
      MCP_AUTH_TOKEN_FILE: "tokens",
    };
    const paths = Object.fromEntries(Object.entries(env).map(([name, file]) => [name, join(folder, file)]));
    expect(load({ ...paths, MCP_AUTH_MODE: "bearer" })).toMatchObject({
      tls: { key: "the key", cert: "the cert", ca: "the ca" },
      policyFile: { path: join(folder, "policy"), text: "the policy" },
      auth: { tokens: [{ name: "ci" }, { name: "ops" }] },
    });
  });
});
