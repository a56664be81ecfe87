import type { FastifyRequest } from "fastify";
import { describe, expect, it } from "vitest";
import { createRequestCheck } from "../../src/http/limits/refuse-request.ts";

type Config = Parameters<typeof createRequestCheck>[0];
const LOOPBACK: Config = { host: "127.0.0.1", publicBaseUrl: null, allowedOrigins: null };
const OPEN: Config = { ...LOOPBACK, host: "0.0.0.0" };
const PUBLIC: Config = {
  ...OPEN,
  publicBaseUrl: "https://mcp.example.com/portkey",
  allowedOrigins: ["https://app.example.com"],
};

const BELOW: Config = { ...OPEN, allowedOrigins: ["https://*.example.com"] };

/** `forwarded` is the host that Fastify took from a trusted proxy. */
function refusal(
  config: Config,
  host: string,
  { origin, forwarded = host, url = "/mcp" }: { origin?: string; forwarded?: string; url?: string } = {},
): number {
  const request = {
    url,
    headers: { host, ...(origin !== undefined && { origin }) },
    host: forwarded,
    raw: { rawHeaders: [] },
    routeOptions: { url },
  } as unknown as FastifyRequest;
  try {
    createRequestCheck(config)(request);
    return 200;
  } catch (error) {
    return (error as { statusCode: number }).statusCode;
  }
}

describe("a host", () => {
  const cases: readonly (readonly [config: string, Config, host: string, status: number])[] = [
    ["loopback", LOOPBACK, "localhost", 200],
    ["loopback", LOOPBACK, "localhost:3000", 200],
    ["loopback", LOOPBACK, "LOCALHOST:3000", 200],
    ["loopback", LOOPBACK, "127.0.0.1:3000", 200],
    ["loopback", LOOPBACK, "[::1]:3000", 200],
    ["loopback", LOOPBACK, "192.168.1.5:3000", 403],
    ["loopback", LOOPBACK, "evil.example.com", 403],
    ["loopback", LOOPBACK, "localhost.evil.example.com", 403],
    ["loopback", LOOPBACK, "127.0.0.1.nip.io", 403],
    ["loopback", LOOPBACK, "localhost/../evil", 403],
    ["loopback", LOOPBACK, "a b", 403],
    ["loopback", LOOPBACK, "", 403],
    ["open", OPEN, "192.168.1.5:3000", 200],
    ["open", OPEN, "[fe80::1]:3000", 200],
    ["open", OPEN, "evil.example.com", 403],
    ["public", PUBLIC, "mcp.example.com", 200],
    ["public", PUBLIC, "mcp.example.com:443", 200],
    ["public", PUBLIC, "app.example.com", 200],
    ["public", PUBLIC, "example.com", 403],
    ["by name", { ...LOOPBACK, host: "mcp.internal" }, "mcp.internal:3000", 200],
  ];
  it.each(cases)("%s %j %s", (_name, config, host, status) => {
    expect(refusal(config, host)).toBe(status);
  });

  it("that a proxy names does not excuse the one the connection named", () => {
    expect(refusal(LOOPBACK, "evil.example.com", { forwarded: "localhost" })).toBe(403);
    expect(refusal(LOOPBACK, "localhost", { forwarded: "evil.example.com" })).toBe(403);
    expect(refusal(PUBLIC, "127.0.0.1:3000", { forwarded: "mcp.example.com" })).toBe(200);
  });

  it("is nobody's concern at /health", () => {
    expect([
      refusal(LOOPBACK, "anything", { url: "/health" }),
      refusal(LOOPBACK, "anything", { url: "/ready" }),
    ]).toEqual([200, 403]);
  });
});

describe("an origin", () => {
  const cases: readonly (readonly [Config, origin: string, status: number, url?: string])[] = [
    [LOOPBACK, "http://localhost:6274", 200],
    [LOOPBACK, "http://[::1]", 200],
    [LOOPBACK, "https://app.example.com", 403],
    [LOOPBACK, "null", 403],
    [LOOPBACK, "", 403],
    [LOOPBACK, "ftp://localhost", 403],
    [PUBLIC, "https://mcp.example.com", 200],
    [PUBLIC, "https://app.example.com", 200],
    [PUBLIC, "http://app.example.com", 403],
    [PUBLIC, "https://evil.example.com", 200, "/.well-known/oauth-protected-resource"],
    [BELOW, "https://a.example.com", 200],
    [BELOW, "https://a.b-c.example.com", 200],
    [BELOW, "https://example.com", 403],
    [BELOW, "https://.example.com", 403],
    [BELOW, "https://a..example.com", 403],
    [BELOW, "http://a.example.com", 403],
    [BELOW, "https://a.example.com.evil.org", 403],
    [BELOW, "https://aexample.com", 403],
    [BELOW, "https://evil.org/.example.com", 403],
    [BELOW, "https://evil.org#.example.com", 403],
    [BELOW, "https://evil.org:443?.example.com", 403],
    [BELOW, "https://somebody@a.example.com", 403],
  ];
  it.each(cases.map(([config, origin, status, url = "/mcp"]) => [origin, status, config, url] as const))(
    "%s is %i",
    (origin, status, config, url) => {
      expect(refusal(config, "localhost", { origin, url })).toBe(status);
    },
  );
});
