/** Sessions and streams of somebody else: knowing an id opens nothing. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { trusting, useIssuer } from "./issuer.ts";
import { serve, type Served } from "./served.ts";

const AUDIENCE = "https://mcp.example.com/mcp";
const KEY = { "x-portkey-api-key": "pk-alice" };

const issuer = useIssuer();
let server: Served;

beforeAll(async () => {
  server = await serve({
    auth: trusting(issuer, AUDIENCE),
    credentials: "caller",
    eventStore: { kind: "memory", ttlSeconds: 60, maxEvents: 1_000, maxBytes: 1_000_000, encryptionKey: null },
  });
});
afterAll(() => server.stop());

interface Who {
  readonly sub?: string;
  readonly client_id?: string;
  readonly org_id?: string | undefined;
  readonly tid?: string;
  readonly scope?: string;
}

async function headersOf(who: Who, more: Readonly<Record<string, string>> = {}): Promise<Record<string, string>> {
  const token = await issuer.sign({
    aud: AUDIENCE,
    sub: "alice",
    client_id: "cursor",
    org_id: "org_1",
    scope: "portkey:write",
    ...who,
  });
  return {
    authorization: `Bearer ${token}`,
    accept: "application/json, text/event-stream",
    "mcp-protocol-version": "2025-11-25",
    ...KEY,
    ...more,
  };
}

const post = async (headers: Record<string, string>, message: object) =>
  fetch(`${server.url}/mcp`, {
    method: "POST",
    headers: { ...headers, "content-type": "application/json" },
    body: JSON.stringify({ jsonrpc: "2.0", ...message }),
  });

async function startSession(who: Who = {}, more: Readonly<Record<string, string>> = {}): Promise<string> {
  const headers = await headersOf(who, more);
  delete headers["mcp-protocol-version"];
  const params = { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "test", version: "1" } };
  const response = await post(headers, { id: 1, method: "initialize", params });
  await response.text();
  const session = response.headers.get("mcp-session-id") ?? "";
  expect(session).not.toBe("");
  await (
    await post(await headersOf(who, { ...more, "mcp-session-id": session }), { method: "notifications/initialized" })
  ).text();
  return session;
}

const LIST = { id: 2, method: "tools/list", params: {} };

const OTHERS: readonly { name: string; who?: Who; more?: Readonly<Record<string, string>> }[] = [
  { name: "another person", who: { sub: "bob" } },
  { name: "the same person in another organisation", who: { org_id: "org_2" } },
  { name: "the same name and organisation by another claim", who: { org_id: undefined, tid: "org_1" } },
  { name: "the same name and organisation with a tenant besides", who: { tid: "org_1" } },
  { name: "the same person through another client", who: { client_id: "other" } },
  { name: "the same person in capitals", who: { sub: "Alice" } },
  { name: "the same person with another Portkey key", more: { "x-portkey-api-key": "pk-mallory" } },
  { name: "the same person with an admin key besides", more: { "x-portkey-admin-api-key": "pk-admin" } },
];

describe("a session", () => {
  it.each(OTHERS)("does not exist for $name", async ({ who = {}, more = {} }) => {
    const session = await startSession();
    const theirs = await headersOf(who, { ...more, "mcp-session-id": session });
    const answers = [
      await post(theirs, LIST),
      await fetch(`${server.url}/mcp`, { headers: { ...theirs, accept: "text/event-stream" } }),
      await fetch(`${server.url}/mcp`, { method: "DELETE", headers: theirs }),
    ];
    const texts = await Promise.all(answers.map((answer) => answer.text()));
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404]);
    expect(texts.join()).not.toContain("alice");
    const mine = await post(await headersOf({}, { "mcp-session-id": session }), LIST);
    expect(mine.status).toBe(200);
    expect(await mine.text()).toContain("list_prompts");
  });

  it("is no substitute for a token", async () => {
    const session = await startSession();
    const headers = await headersOf({}, { "mcp-session-id": session });
    delete headers["authorization"];
    const answer = await post(headers, LIST);
    expect(answer.status).toBe(401);
    await answer.text();
  });

  it("keeps no rights of the token it began with", async () => {
    const session = await startSession();
    const less = await headersOf({ scope: "portkey:keys:read" }, { "mcp-session-id": session });
    const list = await post(less, LIST);
    const { result } = (await list.json()) as { result: { tools: { name: string }[] } };
    expect(result.tools.map(({ name }) => name)).toContain("list_api_keys");
    expect(result.tools.map(({ name }) => name)).not.toContain("list_prompts");
    const call = await post(less, { id: 3, method: "tools/call", params: { name: "list_prompts", arguments: {} } });
    expect(call.status).toBe(403);
    await call.text();
    expect(server.portkey.requests).toEqual([]);
  });
});

describe("a stream", () => {
  /** The id of the first event of a session's own stream. */
  async function firstEvent(session: string): Promise<string> {
    const response = await fetch(`${server.url}/mcp`, {
      headers: await headersOf({}, { "mcp-session-id": session, accept: "text/event-stream" }),
    });
    expect(response.status).toBe(200);
    const reader = response.body?.getReader();
    let text = "";
    for (let chunk = await reader?.read(); chunk?.done === false; chunk = await reader?.read()) {
      text += Buffer.from(chunk.value).toString();
      const id = /^id: ?(.+)$/m.exec(text)?.[1];
      if (id === undefined) continue;
      await reader?.cancel();
      return id;
    }
    throw new Error(`no event came: ${text}`);
  }

  it("is replayed to nobody else", async () => {
    const id = await firstEvent(await startSession());
    const bobs = await startSession({ sub: "bob" });
    expect(id).not.toBe("");
    const replay = await fetch(`${server.url}/mcp`, {
      headers: await headersOf(
        { sub: "bob" },
        { "mcp-session-id": bobs, "last-event-id": id, accept: "text/event-stream" },
      ),
    });
    expect(replay.status).toBe(400);
    expect(await replay.text()).toContain("Last-Event-ID");
  });

  it.each(["", " ", "0", "x".repeat(2_000), "../../events", "*", "_GET_stream", "{}"])(
    "is not found by guessing: %j",
    async (id) => {
      const session = await startSession();
      const headers = await headersOf(
        {},
        {
          "mcp-session-id": session,
          accept: "text/event-stream",
          ...(id.trim() === "" ? {} : { "last-event-id": id }),
        },
      );
      const answer = await fetch(`${server.url}/mcp`, { headers });
      // Without an id it is the session's own stream that begins.
      expect(answer.status).toBe(id.trim() === "" ? 200 : 400);
      await answer.body?.cancel();
    },
  );
});
