/** Requests that carry a token where none is taken from, or none at all: each with its status and its challenge. */
import { describe, expect, it } from "vitest";
import { expectChallenge, useWorld } from "./hostile-world.ts";
import { sign } from "./issuer.ts";

const { world, claims } = useWorld();

interface Request {
  readonly name: string;
  readonly headers?: (token: string) => Record<string, string | string[]>;
  readonly url?: (token: string) => string;
  readonly status: number;
  /** The challenge's error; null: a challenge without one. */
  readonly error: string | null;
}

const REQUESTS: readonly Request[] = [
  { name: "no token", status: 401, error: null },
  {
    name: "a token in a cookie",
    headers: (token) => ({ cookie: `access_token=${token}; __session=${token}` }),
    status: 401,
    error: null,
  },
  {
    name: "a token in another header",
    headers: (token) => ({ "x-authorization": `Bearer ${token}`, "proxy-authorization": `Bearer ${token}` }),
    status: 401,
    error: null,
  },
  {
    name: "Basic",
    headers: (token) => ({ authorization: `Basic ${Buffer.from(`mcp:${token}`).toString("base64")}` }),
    status: 401,
    error: null,
  },
  { name: "DPoP as the scheme", headers: (token) => ({ authorization: `DPoP ${token}` }), status: 401, error: null },
  { name: "a token without a scheme", headers: (token) => ({ authorization: token }), status: 401, error: null },
  { name: "Bearer alone", headers: () => ({ authorization: "Bearer" }), status: 401, error: "invalid_token" },
  {
    name: "Bearer: with a colon",
    headers: (token) => ({ authorization: `Bearer: ${token}` }),
    status: 401,
    error: "invalid_token",
  },
  {
    name: "Bearer with a tab",
    headers: (token) => ({ authorization: `Bearer\t${token}` }),
    status: 401,
    error: "invalid_token",
  },
  {
    name: "two Authorization headers",
    headers: (token) => ({ authorization: [`Bearer ${token}`, `Bearer ${token}`] }),
    status: 400,
    error: "invalid_request",
  },
  {
    name: "a second, different Authorization header",
    headers: (token) => ({ authorization: ["Bearer x", `Bearer ${token}`] }),
    status: 400,
    error: "invalid_request",
  },
  { name: "a token in the query", url: (token) => `/mcp?access_token=${token}`, status: 400, error: "invalid_request" },
  {
    name: "a token in the query beside a good one",
    url: (token) => `/mcp?access_token=${token}`,
    headers: (token) => ({ authorization: `Bearer ${token}` }),
    status: 400,
    error: "invalid_request",
  },
  {
    name: "a token in the query in capitals",
    url: (token) => `/mcp?ACCESS_TOKEN=${token}`,
    status: 400,
    error: "invalid_request",
  },
  {
    name: "a token in the query, percent-encoded",
    url: (token) => `/mcp?access%5Ftoken=${token}`,
    status: 400,
    error: "invalid_request",
  },
  {
    name: "a Portkey key in the query",
    url: () => "/mcp?x-portkey-api-key=pk-1",
    headers: (token) => ({ authorization: `Bearer ${token}` }),
    status: 400,
    error: "invalid_request",
  },
];

describe("a request is refused:", () => {
  it.each(REQUESTS)("$name", async ({ headers, url, status, error }) => {
    const { app, rsa } = world();
    const token = await sign(rsa, claims());
    const response = await app.inject({ method: "POST", url: url?.(token) ?? "/mcp", headers: headers?.(token) ?? {} });
    expect(response.statusCode, response.body).toBe(status);
    const challenge = expectChallenge(response);
    if (error === null) expect(challenge).not.toContain("error");
    else expect(challenge).toContain(`error="${error}"`);
    expect(response.body).not.toContain(token);
  });
});
