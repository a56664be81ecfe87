/** What protects, on the bundle as it runs: a yes counts once among instances, and no restriction is lost by a slip. */
import { describe, expect, test } from "vitest";
import { REVISION, envelope } from "../mcp-adapters/modern-request.ts";
import { startRedis } from "../http/redis/redis-server.ts";
import { startSandbox } from "../../src/sandbox/start.ts";
import { listening, useBuiltServer } from "./built-server.ts";

const server = useBuiltServer();

async function call(url: string, params: Record<string, unknown>): Promise<Record<string, Record<string, unknown>>> {
  const response = await fetch(`${url}/mcp`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
      "mcp-protocol-version": REVISION,
      "mcp-method": "tools/call",
      "mcp-name": String(params["name"]),
    },
    body: JSON.stringify({
      jsonrpc: "2.0",
      id: 1,
      method: "tools/call",
      params: { ...params, _meta: envelope({ elicitation: { form: {} } }) },
    }),
  });
  return (await response.json()) as never;
}

test("one yes, sent to three instances ten times each, carries out one rotation", async () => {
  const [redis, sandbox] = await Promise.all([startRedis(), startSandbox()]);
  try {
    const env = {
      MCP_REDIS_URL: redis.url,
      MCP_PORT: "0",
      MCP_AUDIT_LOG: "off",
      PORTKEY_BASE_URL: sandbox.bases.control,
      PORTKEY_API_KEY: sandbox.credentials.workspaceKey,
      PORTKEY_ADMIN_API_KEY: sandbox.credentials.adminKey,
      PORTKEY_ALLOW_PRIVATE_BASE_URL: "true",
      PORTKEY_ALLOW_INSECURE_HTTP: "true",
    };
    const urls = await Promise.all([1, 2, 3].map(() => listening(server.start(["http"], env))));
    const [first = ""] = urls;
    const listed = await call(first, { name: "list_api_keys", arguments: {} });
    const [{ text }] = listed["result"]?.["content"] as [{ text: string }];
    const [key] = (JSON.parse(text) as { data: [{ id: string }] }).data;
    const rotation = { name: "rotate_api_key", arguments: { more: { id: key.id } } };
    const asked = (await call(first, rotation))["result"] as Record<string, object>;
    const [name = ""] = Object.keys(asked["inputRequests"] as object);
    const yes = { [name]: { action: "accept", content: { confirm: true } } };
    const again = { ...rotation, requestState: asked["requestState"], inputResponses: yes };
    const answers = await Promise.all(urls.flatMap((url) => Array.from({ length: 10 }, () => call(url, again))));
    const writes = sandbox.sandbox.requests.filter(({ method }) => method !== "GET");
    expect(writes.map(({ path }) => path)).toEqual([expect.stringContaining(`/api-keys/${key.id}/rotate`)]);
    const refused = answers.filter((answer) => JSON.stringify(answer).includes("has been used already"));
    expect(refused).toHaveLength(29);
  } finally {
    await Promise.all([redis.close(), sandbox.close()]);
  }
}, 60_000);

describe("a start", () => {
  test.each<[string, Record<string, string>, RegExp]>([
    ["with __proto__", { PORTKEY_READ_ONLY: "__proto__" }, /PORTKEY_READ_ONLY is "__proto__"/],
    ["with a misspelt protection", { PORTKEY_READONLY: "true" }, /If PORTKEY_READ_ONLY is meant/],
  ])("%s ends with one line and exit code 2", async (_what, env, line) => {
    const { code, stdout, stderr } = await server.start([], { PORTKEY_API_KEY: "k", ...env }).end();
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr.trim().split("\n")).toEqual([expect.stringMatching(line)]);
  });

  test("with a service link and an unknown variable warns, and serves", async () => {
    const env = { MCP_PORT: "tcp://10.0.0.1:80", PORT: "0", PORTKEY_COLOUR: "blue" };
    const running = server.start(["http", "--sandbox"], env);
    await listening(running);
    const { stderr } = await running.stop();
    expect(stderr).toContain("enableServiceLinks: false");
    expect(stderr).toMatch(/PORTKEY_COLOUR is no setting/);
  });
});
