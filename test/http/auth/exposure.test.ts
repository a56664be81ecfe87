import { describe, expect, it } from "vitest";
import type { HttpConfig } from "../../../src/config/http-config.ts";
import { checkExposure } from "../../../src/http/auth/exposure.ts";
import { CONFIG } from "./guarded-app.ts";

const OPEN: Partial<HttpConfig> = { host: "0.0.0.0" };
const TOKENS = { mode: "bearer", tokens: [{ name: "a", token: "0123456789abcdef" }] } as const;
const TLS = { key: "k", cert: "c", ca: null };

describe("checkExposure", () => {
  it.each([OPEN, { host: "192.168.1.4" }, { host: "::" }, { host: "mcp.example.com" }])(
    "refuses %j without authentication",
    (given) => {
      expect(() => checkExposure({ ...CONFIG, ...given })).toThrow(
        /MCP_AUTH_MODE is none.*MCP_ALLOW_UNAUTHENTICATED_HTTP=true/,
      );
    },
  );

  const cases: readonly { name: string; given: Partial<HttpConfig>; want: readonly RegExp[] }[] = [
    { name: "loopback without anything", given: {}, want: [] },
    { name: "loopback by name", given: { host: "localhost" }, want: [] },
    { name: "open on purpose", given: { ...OPEN, allowUnauthenticated: true }, want: [/Nobody is asked/] },
    {
      name: "open on purpose, each caller with its key",
      given: { ...OPEN, allowUnauthenticated: true, credentials: "caller" },
      want: [],
    },
    { name: "behind an https address", given: { ...OPEN, auth: TOKENS }, want: [] },
    {
      name: "neither TLS nor a proxy",
      given: { ...OPEN, auth: TOKENS, publicBaseUrl: null },
      want: [/travel in the clear/],
    },
    {
      name: "a public address over http",
      given: { ...OPEN, auth: TOKENS, publicBaseUrl: "http://mcp.example.com" },
      want: [/travel in the clear/],
    },
    {
      name: "the default proxy, which is none",
      given: { ...OPEN, auth: TOKENS, publicBaseUrl: null, trustProxy: ["loopback"] },
      want: [/travel in the clear/],
    },
    {
      name: "a trusted proxy",
      given: { ...OPEN, auth: TOKENS, publicBaseUrl: null, trustProxy: ["10.0.0.0/8"] },
      want: [],
    },
    { name: "a hop of proxies", given: { ...OPEN, auth: TOKENS, publicBaseUrl: null, trustProxy: 1 }, want: [] },
    { name: "TLS of its own", given: { ...OPEN, auth: TOKENS, publicBaseUrl: null, tls: TLS }, want: [] },
    {
      name: "logins without a public address",
      given: {
        ...OPEN,
        tls: TLS,
        publicBaseUrl: null,
        auth: { mode: "jwt", issuer: "https://id.example", audience: ["x"], jwksUrl: null, algorithms: ["RS256"] },
      },
      want: [/MCP_PUBLIC_BASE_URL is not set/],
    },
    {
      name: "Redis without a key",
      given: { ...OPEN, auth: TOKENS, eventStore: { ...CONFIG.eventStore, kind: "redis" } },
      want: [/MCP_EVENT_ENCRYPTION_KEY/],
    },
    {
      name: "several tokens, one policy",
      given: { ...OPEN, auth: { mode: "bearer", tokens: [...TOKENS.tokens, { name: "b", token: "b" }] } },
      want: [/every token has the same rights/],
    },
  ];
  it.each(cases)("warns of $name as wanted", ({ given, want }) => {
    const warnings = checkExposure({ ...CONFIG, ...given });
    expect(warnings).toEqual(want.map((pattern) => expect.stringMatching(pattern)));
  });
});
