import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startApp, type Started } from "./start-app.ts";

let server: Started;
beforeAll(async () => {
  server = await startApp({ allowedOrigins: ["https://app.example.com"] });
});
afterAll(() => server.stop());

const PING = { method: "POST", body: '{"jsonrpc":"2.0","id":1,"method":"ping"}' } as const;
const list = (value: string | null) =>
  (value ?? "")
    .split(", ")
    .map((name) => name.toLowerCase())
    .sort();

describe("a browser's client", () => {
  it.each([
    "https://app.example.com",
    "http://localhost:6274",
    "http://127.0.0.1:8080",
    "http://[::1]:3000",
    "https://localhost",
  ])("from %s may ask before it sends", async (origin) => {
    const response = await fetch(`${server.url}/mcp`, {
      method: "OPTIONS",
      headers: {
        Origin: origin,
        "Access-Control-Request-Method": "DELETE",
        "Access-Control-Request-Headers": "mcp-session-id",
      },
    });
    expect([response.status, response.headers.get("access-control-allow-origin")]).toEqual([204, origin]);
    expect(list(response.headers.get("access-control-allow-methods"))).toEqual(["delete", "get", "options", "post"]);
    expect(list(response.headers.get("access-control-allow-headers"))).toEqual([
      "accept",
      "authorization",
      "content-type",
      "last-event-id",
      "mcp-method",
      "mcp-name",
      "mcp-protocol-version",
      "mcp-session-id",
      "x-mcp-readonly",
      "x-mcp-toolsets",
      "x-portkey-admin-api-key",
      "x-portkey-api-key",
    ]);
  });

  it("may read the session, the challenge and how long to wait from an answer", async () => {
    const response = await fetch(`${server.url}/mcp`, {
      ...PING,
      headers: { Origin: "https://app.example.com", "Content-Type": "application/json" },
    });
    expect([
      response.status,
      response.headers.get("access-control-allow-origin"),
      response.headers.get("vary"),
    ]).toEqual([200, "https://app.example.com", "Origin"]);
    expect(list(response.headers.get("access-control-expose-headers"))).toEqual([
      "mcp-session-id",
      "retry-after",
      "www-authenticate",
    ]);
  });

  it("may read why it was refused", async () => {
    const response = await fetch(`${server.url}/mcp`, {
      method: "POST",
      body: "{",
      headers: { Origin: "https://app.example.com", "Content-Type": "application/json" },
    });
    expect([response.status, response.headers.get("access-control-allow-origin")]).toEqual([
      400,
      "https://app.example.com",
    ]);
  });

  it("never sends credentials of another site", async () => {
    const response = await fetch(`${server.url}/mcp`, {
      ...PING,
      headers: { Origin: "https://app.example.com", "Content-Type": "application/json" },
    });
    expect(response.headers.get("access-control-allow-credentials")).toBeNull();
  });

  it.each([
    "https://app.example.com.evil.org",
    "https://evil.org",
    "http://app.example.com",
    "https://app.example.com:8443",
    "file://",
    "chrome-extension://abc",
  ])("from %s may not", async (origin) => {
    const ask = async (method: string) => {
      const { status, headers } = await fetch(`${server.url}/mcp`, {
        method,
        headers: { Origin: origin, "Content-Type": "application/json", "Access-Control-Request-Method": "POST" },
        ...(method === "POST" && { body: PING.body }),
      });
      return { method, status, allowed: headers.get("access-control-allow-origin") };
    };
    const methods = ["OPTIONS", "POST", "GET"];
    const refusals = methods.map((method) => ({ method, status: 403, allowed: null }));
    expect(await Promise.all(methods.map(ask))).toEqual(refusals);
  });
});
