/** The HTTP server of the edition with service accounts, whole and in this process, in front of its sandbox. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { loadHttpParts } from "../../src/cli/http-parts.ts";
import { EDITIONS } from "../../src/config/editions.ts";
import { startHttp } from "../../src/http/start.ts";
import { startSandbox, type StartedSandbox } from "../../src/sandbox/start.ts";

const folder = mkdtempSync(join(tmpdir(), "other-edition-"));
afterAll(() => rmSync(folder, { recursive: true }));
let sandbox: StartedSandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ edition: "airs" });
});
afterAll(() => sandbox.close());
const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
  sandbox.sandbox.reset();
});

/** Where the sandbox is, without its account. */
function place(): Record<string, string> {
  const settings = Object.entries(EDITIONS.airs.settingsFor(sandbox));
  return {
    ...Object.fromEntries(settings.filter(([name]) => !/CLIENT|TSG/.test(name))),
    PORTKEY_ALLOW_PRIVATE_BASE_URL: "true",
    PORTKEY_ALLOW_INSECURE_HTTP: "true",
    PORTKEY_MAX_RETRIES: "0",
    LOG_LEVEL: "silent",
    MCP_PORT: "0",
    MCP_AUDIT_LOG: "off",
    MCP_SESSION_MODE: "stateless",
  };
}

async function served(env: Readonly<Record<string, string>>) {
  const { parts, close } = await loadHttpParts({ env: { ...place(), ...env }, flags: {} }, false);
  const server = await startHttp(parts);
  stops.push(async () => {
    await server.stop();
    await close();
  });
  return server.url;
}

async function call(url: string, tool: string, headers: Readonly<Record<string, string>> = {}) {
  const response = await fetch(`${url}/mcp`, {
    method: "POST",
    headers: {
      accept: "application/json, text/event-stream",
      "content-type": "application/json",
      "mcp-protocol-version": "2025-11-25",
      ...headers,
    },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/call", params: { name: tool, arguments: {} } }),
  });
  return { status: response.status, text: await response.text() };
}

const account = () => ({
  "x-prisma-airs-client-id": sandbox.account.clientId,
  "x-prisma-airs-client-secret": sandbox.account.clientSecret,
  "x-prisma-airs-tsg-id": sandbox.account.tenant,
});
const asked = () => sandbox.sandbox.requests.map(({ method, path }) => `${method} ${path}`);

describe("callers bring their own account", () => {
  test("in headers, and it is what gets the token; x-tsg-id goes along where that is set", async () => {
    const url = await served({ MCP_CREDENTIALS: "caller", PRISMA_AIRS_SEND_TSG_ID: "true" });
    const { status, text } = await call(url, "list_configs", account());
    expect([status, text]).toEqual([200, expect.not.stringContaining('"isError":true')]);
    expect(asked()).toEqual(["POST /oauth2/access_token", "GET /ai_gw/v2/configs"]);
    expect(sandbox.sandbox.requests.at(-1)?.headers["x-tsg-id"]).toBe(sandbox.account.tenant);
  });

  test.each([
    ["none", {}, /own Prisma AIRS service account\. Send x-prisma-airs-client-id, .*-client-secret, .*-tsg-id as/],
    ["a part", { "x-prisma-airs-client-id": "a" }, /Send x-prisma-airs-client-secret, x-prisma-airs-tsg-id as/],
    ["a key of the other edition", { "x-portkey-api-key": "pk-1" }, /own Prisma AIRS service account/],
  ])("%s is refused with the headers that are missing", async (_, headers, message) => {
    const url = await served({ MCP_CREDENTIALS: "caller" });
    const { status, text } = await call(url, "list_configs", headers);
    expect([status, text]).toEqual([400, expect.stringMatching(message)]);
    expect(asked()).toEqual([]);
  });

  test("the server says which headers these are", async () => {
    const url = await served({ MCP_CREDENTIALS: "caller" });
    const info = (await (await fetch(`${url}/auth/info`)).json()) as Record<string, unknown>;
    expect(info["credential_headers"]).toEqual(Object.keys(account()));
    expect(await (await fetch(url)).text()).toContain("Calls use your own Prisma AIRS service account.");
  });
});

describe("a rule of the policy file names the account", () => {
  const ruled = (keys: string) => {
    const path = join(folder, "policy.yaml");
    writeFileSync(path, `version: 1\nrules:\n  - name: all\n    match: anyone\n    keys: ${keys}\n`);
    return { MCP_CREDENTIALS: "policy", MCP_POLICY_FILE: path };
  };

  test("from the environment and from a file", async () => {
    const file = join(folder, "secret");
    writeFileSync(file, `${sandbox.account.clientSecret}\n`);
    const keys = `{ client_id: { env: ID }, client_secret: { file: ${file} }, tsg_id: { env: TSG } }`;
    const url = await served({ ...ruled(keys), ID: sandbox.account.clientId, TSG: sandbox.account.tenant });
    expect((await call(url, "list_integrations")).text).not.toContain('"isError":true');
    expect(asked()).toEqual(["POST /oauth2/access_token", "GET /ai_gw/admin/v2/integrations"]);
  });

  test.each([
    ["{ client_id: { env: ID }, tsg_id: { env: ID } }", /a service account is .*; client_secret is missing/],
    ["{ workspace: { env: ID } }", /workspace is not of the edition airs, whose keys are client_id, client_secret/],
  ])("%s is refused at the start", async (keys, message) => {
    await expect(served({ ...ruled(keys), ID: "x" })).rejects.toThrowError(message);
  });
});

test("readiness asks the token service too", async () => {
  const settings = { ...EDITIONS.airs.settingsFor(sandbox), MCP_READY_CHECK_MODE: "portkey" };
  const ready = async (url: string) => (await fetch(`${url}/ready`)).json();
  expect(await ready(await served(settings))).toMatchObject({ status: "ready", portkey: "ok" });
  const away = await served({ ...settings, PRISMA_AIRS_AUTH_URL: "http://127.0.0.1:1/oauth2/access_token" });
  expect(await ready(away)).toMatchObject({ status: "unready", portkey: "away" });
});

test("a browser may send the headers of the edition that is served, and not the other's", async () => {
  const url = await served({ MCP_CREDENTIALS: "caller", ALLOWED_ORIGINS: "https://app.example.com" });
  const { headers } = await fetch(`${url}/mcp`, {
    method: "OPTIONS",
    headers: { Origin: "https://app.example.com", "Access-Control-Request-Method": "POST" },
  });
  const allowed = (headers.get("access-control-allow-headers") ?? "").split(", ");
  expect(allowed.filter((name) => name.startsWith("x-p"))).toEqual(Object.keys(account()));
});

test("the audit says that a token was used, and shows neither it nor the secret", async () => {
  const file = join(folder, "audit.jsonl");
  const settings = { ...EDITIONS.airs.settingsFor(sandbox), MCP_AUDIT_LOG: file };
  const url = await served(settings);
  await call(url, "list_configs");
  for (const stop of stops.splice(0)) await stop();
  const text = readFileSync(file, "utf8");
  expect(JSON.parse(text.split("\n")[0] ?? "")).toMatchObject({ tool: "list_configs" });
  expect(text).toContain('"token"');
  const { authorization } = sandbox.sandbox.requests.at(-1)?.headers ?? {};
  const secrets = [sandbox.account.clientSecret, String(authorization).replace("Bearer ", "")];
  expect(secrets.filter((secret) => text.includes(secret))).toEqual([]);
});
