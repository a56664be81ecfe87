/** What the whole server answers, on a real socket, to those who try to get in beside the door. */
import { request as send } from "node:http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { trusting, useIssuer } from "./issuer.ts";
import { serve, type Served } from "./served.ts";

const BASE = "http://127.0.0.1";
const AUDIENCE = `${BASE}/mcp`;
const LEGACY = {
  "content-type": "application/json",
  accept: "application/json, text/event-stream",
  "mcp-protocol-version": "2025-11-25",
};
const LIST = { jsonrpc: "2.0", id: 7, method: "tools/list", params: {} };
const MODERN_META = {
  "io.modelcontextprotocol/protocolVersion": "2026-07-28",
  "io.modelcontextprotocol/clientInfo": { name: "t", version: "1" },
  "io.modelcontextprotocol/clientCapabilities": {},
};

const issuer = useIssuer();
let server: Served;

beforeAll(async () => {
  server = await serve({
    publicBaseUrl: BASE,
    sessionMode: "stateless",
    auth: trusting(issuer, AUDIENCE),
  });
});
afterAll(() => server.stop());

const token = (scope = "portkey:write") => issuer.sign({ aud: AUDIENCE, scope });

interface Answer {
  readonly status: number;
  readonly challenge: string | undefined;
  readonly body: string;
}

/** Header names and values in a row, as they go onto the wire: a name may come twice. */
function exchange(path: string, headers: readonly string[], body: unknown = LIST, method = "POST"): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(server.url);
    const text = method === "POST" ? JSON.stringify(body) : "";
    const all = ["host", `${hostname}:${port}`, "content-length", String(Buffer.byteLength(text)), ...headers];
    const request = send({ hostname, port, path, method, headers: all as never }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () =>
        resolve({
          status: response.statusCode ?? 0,
          challenge: response.headers["www-authenticate"],
          body: Buffer.concat(chunks).toString(),
        }),
      );
    });
    request.on("error", reject);
    request.end(text);
  });
}

const pairs = (headers: Readonly<Record<string, string>>) => Object.entries(headers).flat();

describe("a stranger", () => {
  it.each([
    ["POST", "/mcp"],
    ["GET", "/mcp"],
    ["DELETE", "/mcp"],
    ["POST", "/mcp?tools=get_*"],
    ["GET", "/metrics"],
  ])("is asked for a token at %s %s", async (method, path) => {
    const answer = await exchange(path, pairs(LEGACY), LIST, method);
    expect(answer).toMatchObject({
      status: 401,
      challenge:
        `Bearer resource_metadata="${BASE}/.well-known/oauth-protected-resource/mcp", scope="portkey:read ` +
        `portkey:write"`,
    });
  });

  it("is asked in the modern era too", async () => {
    const headers = { ...LEGACY, "mcp-protocol-version": "2026-07-28", "mcp-method": "tools/list" };
    expect((await exchange("/mcp", pairs(headers), { ...LIST, params: { _meta: MODERN_META } })).status).toBe(401);
  });

  it.each(["/mcp/", "//mcp", "/MCP", "/mcp/../mcp", "/mcp;x=1", "/%6dcp", "/mcp%2f", "/mcp/x"])(
    "reaches nothing at %s",
    async (path) => {
      const { status, body } = await exchange(path, pairs(LEGACY));
      expect([400, 401, 404]).toContain(status);
      expect(body).not.toContain("list_prompts");
    },
  );

  it("learns how to log in, and nothing else", async () => {
    const { status, body } = await exchange("/auth/info", [], undefined, "GET");
    expect(status).toBe(200);
    expect(JSON.parse(body)).toMatchObject({
      mode: "jwt",
      authorization_servers: [issuer.url],
      scopes: ["portkey:read", "portkey:write"],
    });
    expect(body).not.toMatch(/pk-|key":"/);
  });
});

describe("a bearer", () => {
  it("is let in with one good token", async () => {
    const answer = await exchange("/mcp", [...pairs(LEGACY), "authorization", `Bearer ${await token()}`]);
    expect(answer.status).toBe(200);
    expect(answer.body).toContain("list_prompts");
  });

  it.each([
    ["twice the same", (good: string) => ["authorization", `Bearer ${good}`, "Authorization", `Bearer ${good}`]],
    ["a bad one and a good one", (good: string) => ["authorization", "Bearer bad", "AUTHORIZATION", `Bearer ${good}`]],
    ["a good one and a bad one", (good: string) => ["authorization", `Bearer ${good}`, "authorization", "Bearer bad"]],
  ])("with two Authorization headers is refused: %s", async (_name, headers) => {
    expect((await exchange("/mcp", [...pairs(LEGACY), ...headers(await token())])).status).toBe(400);
  });

  it("with a token in the address is refused, and the token is not repeated", async () => {
    const good = await token();
    const answer = await exchange(`/mcp?access_token=${good}`, pairs(LEGACY));
    expect(answer.status).toBe(400);
    expect(answer.challenge).toContain('error="invalid_request"');
    expect(answer.body).not.toContain(good);
  });

  it("with a token of 13,000 characters is refused", async () => {
    expect((await exchange("/mcp", [...pairs(LEGACY), "authorization", `Bearer ${"a".repeat(13_000)}`])).status).toBe(
      401,
    );
  });

  it("with headers of 20,000 characters is refused before anybody reads them", async () => {
    expect((await exchange("/mcp", [...pairs(LEGACY), "authorization", `Bearer ${"a".repeat(20_000)}`])).status).toBe(
      431,
    );
  });

  it("gets its request's id back with the scopes that its call lacks", async () => {
    const call = {
      jsonrpc: "2.0",
      id: "call-1",
      method: "tools/call",
      params: { name: "delete_prompt", arguments: { prompt_id: "pp-1" } },
    };
    const answer = await exchange(
      "/mcp",
      [...pairs(LEGACY), "authorization", `Bearer ${await token("portkey:read")}`],
      call,
    );
    expect(answer.status).toBe(403);
    expect(answer.challenge).toBe(
      `Bearer error="insufficient_scope", error_description="Needs portkey:write.", ` +
        `resource_metadata="${BASE}/.well-known/oauth-protected-resource/mcp", scope="portkey:read portkey:write"`,
    );
    expect(JSON.parse(answer.body)).toMatchObject({
      id: "call-1",
      error: { message: expect.stringContaining("portkey:write") as string },
    });
    expect(server.portkey.requests).toEqual([]);
  });

  it.each(["delete_prompt ", "DELETE_PROMPT", "delete_prompt\u0000", "../delete_prompt"])(
    "cannot call what its scopes refuse by the spelling %j",
    async (name) => {
      const call = { jsonrpc: "2.0", id: 1, method: "tools/call", params: { name, arguments: { prompt_id: "pp-1" } } };
      const bearer = ["authorization", `Bearer ${await token("portkey:read")}`];
      const answer = await exchange("/mcp", [...pairs(LEGACY), ...bearer], call);
      expect(answer.body).toContain("There is no tool");
      expect(server.portkey.requests).toEqual([]);
    },
  );
});
