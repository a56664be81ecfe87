/** Calls of the edition with tokens, against its sandbox over a socket. */
import { afterEach, expect, test, vi } from "vitest";
import { loadEdition, validatorLoaders } from "../../../src/catalog/editions.ts";
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
    loadValidators: validatorLoaders("airs", records),
  });
  const call = (name: string, args = {}, credentials: Credentials = { account }) =>
    portkey.send(tool(name), args, { credentials, signal: AbortSignal.timeout(20_000) });
  return { sandbox, portkey, call, account, requests: sandbox.sandbox.requests };
}

/** As many calls at once as `AT_ONCE`, so many times, with the clock moved on in between. */
const AT_ONCE = 32;
const ROUNDS = 14;
const LIFE_S = 100;

test.each([
  // At 80 seconds a token is renewed behind the calls, which still use it.
  { when: "renewed while it serves, at every second round", stepMs: 40_000, tokens: 7 },
  // In its last five seconds a token is not sent: it would end on its way.
  { when: "about to end at every round", stepMs: 97_000, tokens: 14 },
  { when: "long ended at every round", stepMs: 250_000, tokens: 14 },
])("448 calls, 32 at a time, all succeed with the token $when", async ({ stepMs, tokens }) => {
  let now = 0;
  const { sandbox, call } = await rig({ tokenSeconds: LIFE_S, now: () => now });
  const opens = vi.spyOn(sandbox.sandbox.tokens, "accepts");
  const statuses: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const answers = await Promise.all(Array.from({ length: AT_ONCE }, () => call("list_configs")));
    statuses.push(...answers.map(({ status }) => status));
    now += stepMs;
  }
  expect(statuses).toEqual(Array(AT_ONCE * ROUNDS).fill(200));
  expect(sandbox.sandbox.tokens.issued).toBe(tokens);
  // Every request was let in by the token that it came with: none was sent after its end, and again with a new one.
  expect(opens.mock.results.map(({ value }) => value as boolean)).toEqual(Array(AT_ONCE * ROUNDS).fill(true));
  expect(new Set(opens.mock.calls.map(([authorization]) => authorization)).size).toBe(tokens);
});

test("32 calls that are refused one token at once all succeed with one new one", async () => {
  const { sandbox, call } = await rig();
  await call("list_configs");
  sandbox.sandbox.tokens.revoke();
  const answers = await Promise.all(Array.from({ length: AT_ONCE }, () => call("list_configs")));
  expect(answers.map(({ status }) => status)).toEqual(Array(AT_ONCE).fill(200));
  expect(sandbox.sandbox.tokens.issued).toBe(2);
});

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
  expect(sent.map(({ headers }) => headers["x-portkey-api-key"])).toEqual([undefined, undefined]);
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
  const ask = async (address: string) => {
    const answer = await fetch(address, { headers });
    return [answer.status, await answer.json()];
  };
  const answers = [
    await ask(`${sandbox.bases.control}/configs`),
    await ask(`${sandbox.url}/ai_gw/admin/v2/integrations`),
  ];
  const refusal = [401, { data: { errorCode: "AB05" } }];
  expect(answers).toMatchObject([refusal, refusal]);
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
