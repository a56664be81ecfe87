/** Calls of the edition with tokens, against its sandbox over a socket. */
import { afterEach, expect, test } from "vitest";
import { loadEdition, validatorsOf } from "../../../src/catalog/editions.ts";
import type { ToolRecord } from "../../../src/catalog/record.ts";
import { EDITIONS } from "../../../src/config/editions.ts";
import { createPortkey } from "../../../src/portkey/create.ts";
import type { Credentials } from "../../../src/portkey/port.ts";
import { startSandbox, type StartedSandbox } from "../../../src/sandbox/start.ts";

const { records } = await loadEdition("airs");
const tool = (name: string) => records.find((record) => record.name === name) as ToolRecord;
const started: StartedSandbox[] = [];
afterEach(async () => {
  for (const sandbox of started.splice(0)) await sandbox.close();
});

async function rig(options: { readonly tokenSeconds?: number; readonly now?: () => number } = {}) {
  const sandbox = await startSandbox({ edition: "airs", ...options });
  started.push(sandbox);
  const { bases, tokenUrl, account } = sandbox;
  const clock =
    options.now === undefined ? {} : { clock: { now: options.now, random: () => 0, sleep: async () => {} } };
  const portkey = createPortkey({
    ...clock,
    bases,
    tokenUrl,
    product: EDITIONS.airs.product,
    timeoutMs: 5_000,
    maxRetries: 0,
    loadValidators: validatorsOf("airs", records),
  });
  const call = (name: string, args = {}, credentials: Credentials = { account }) =>
    portkey.send(tool(name), args, { credentials, signal: AbortSignal.timeout(20_000) });
  return { sandbox, portkey, call, account, requests: sandbox.sandbox.requests };
}

test(
  "under load every call succeeds while tokens end, are renewed and are revoked, one renewal at a time",
  { timeout: 30_000 },
  async () => {
    const { sandbox, call } = await rig({ tokenSeconds: 4 });
    const until = Date.now() + 9_000;
    let calls = 0;
    const worker = async () => {
      while (Date.now() < until) {
        await call("list_configs");
        calls += 1;
        if (calls === 50) sandbox.sandbox.tokens.revoke();
      }
    };
    await Promise.all(Array.from({ length: 20 }, worker));
    expect(calls).toBeGreaterThan(100);
    const tokenRequests = sandbox.sandbox.tokens.issued;
    // One for each life of a token and one for the revocation, not one for each worker.
    expect(tokenRequests).toBeGreaterThanOrEqual(3);
    expect(tokenRequests).toBeLessThanOrEqual(12);
  },
);

test("a token that is refused is replaced once, and the call goes out again", async () => {
  const { sandbox, call, requests } = await rig();
  await call("list_configs");
  sandbox.sandbox.tokens.revoke();
  expect((await call("create_config", { name: "a", config: {} })).status).toBe(200);
  expect(requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
    "POST /oauth2/access_token",
    "GET /ai_gw/v2/configs",
    "POST /ai_gw/v2/configs",
    "POST /oauth2/access_token",
    "POST /ai_gw/v2/configs",
  ]);
});

test("requests go where the document says, with a bearer, and with the tenant only where it is asked for", async () => {
  const { call, account, requests } = await rig();
  await call("list_integrations");
  await call("list_org_guardrails", {}, { account: { ...account, sendsTenant: true } });
  const sent = requests.filter(({ method }) => method === "GET");
  expect(sent.map(({ path }) => path)).toEqual(["/ai_gw/admin/v2/integrations", "/ai_gw/admin/v2/guardrails"]);
  expect(sent.map(({ headers }) => headers["x-tsg-id"])).toEqual([undefined, account.tenant]);
  for (const { headers } of sent) {
    expect(headers["x-portkey-api-key"]).toBeUndefined();
  }
});

test.each([
  ["a wrong secret", { clientSecret: "other-secret-value" }, /answered 401 invalid_client for the tenant 1000000001/],
  ["another tenant", { tenant: "42" }, /answered 400 invalid_scope for the tenant 42/],
])("%s is told without the secret, and nothing is sent", async (_, wrong, message) => {
  const { call, account, requests } = await rig();
  const failing = call("list_configs", {}, { account: { ...account, ...wrong } });
  await expect(failing).rejects.toThrowError(message);
  await expect(failing).rejects.not.toThrowError(/other-secret-value/);
  expect(requests.every(({ path }) => path === "/oauth2/access_token")).toBe(true);
});

test("keys of the other edition open nothing, and no request is made with them", async () => {
  const { call, requests } = await rig();
  await expect(call("list_configs", {}, { workspaceKey: "pk-1", adminKey: "pk-2" })).rejects.toThrowError(
    /there is no service account/,
  );
  expect(requests).toEqual([]);
});

test("the sandbox refuses a key of the other edition with 401", async () => {
  const { sandbox } = await rig();
  const headers = { "x-portkey-api-key": sandbox.credentials.adminKey };
  for (const address of [`${sandbox.bases.control}/configs`, `${sandbox.url}/ai_gw/admin/v2/integrations`]) {
    const answer = await fetch(address, { headers });
    expect(answer.status).toBe(401);
    expect(await answer.json()).toMatchObject({ data: { errorCode: "AB05" } });
  }
});

test("a dry run fetches no token and shows neither secret nor token", async () => {
  const { portkey, account, requests } = await rig();
  const context = { credentials: { account }, signal: AbortSignal.timeout(5_000) };
  const planned = await portkey.plan(tool("create_config"), { name: "a", config: {} }, context);
  expect(planned).toMatchObject({ method: "POST", key: "token" });
  expect(planned.headers["authorization"]).toMatch(/^Bearer <a token of .* for tenant 1000000001>$/);
  expect(JSON.stringify(planned)).not.toContain(account.clientSecret);
  expect(requests).toEqual([]);
});

test("the price list is read without a token", async () => {
  const { call, requests } = await rig();
  await call("get_model_pricing", { provider: "openai", model: "gpt-4o" }).catch(() => undefined);
  expect(requests.map(({ path }) => path)).toEqual(["/ai_gw/v2/model-configs/pricing/openai/gpt-4o"]);
});
