/** `doctor` of the edition with service accounts, as people run it, against its sandbox over a socket. */
import { afterEach, expect, test } from "vitest";
import { EDITIONS } from "../../src/config/editions.ts";
import { startSandbox, type StartedSandbox } from "../../src/sandbox/start.ts";
import { useBuiltServer } from "./built-server.ts";

const server = useBuiltServer();
const started: StartedSandbox[] = [];
afterEach(async () => {
  for (const sandbox of started.splice(0)) await sandbox.close();
});

async function doctor(change: (sandbox: StartedSandbox) => Readonly<Record<string, string>> = () => ({})) {
  const sandbox = await startSandbox({ edition: "airs" });
  started.push(sandbox);
  const env = {
    ...EDITIONS.airs.settingsFor(sandbox),
    PORTKEY_ALLOW_PRIVATE_BASE_URL: "true",
    PORTKEY_ALLOW_INSECURE_HTTP: "true",
    ...change(sandbox),
  };
  const { code, stdout, stderr } = await server.start(["doctor"], env).end();
  return { code, stdout, stderr, requests: sandbox.sandbox.requests };
}

/** A port of this machine where nobody listens. */
async function closedAddress(): Promise<string> {
  const sandbox = await startSandbox({ edition: "airs" });
  await sandbox.close();
  return sandbox.tokenUrl;
}

test("a good account: it gets tokens, and may read on every host", async () => {
  const { code, stdout, stderr, requests } = await doctor();
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout).toContain("ok     The service account gets tokens for the tenant 1000000001.");
  expect(stdout).toMatch(/note {3}It may call list_\w+, list_\w+/);
  expect(stdout).toMatch(/\n\nAll is well\.\n$/);
  expect(requests.filter(({ method }) => method === "POST").map(({ path }) => path)).toEqual(["/oauth2/access_token"]);
});

const away = await closedAddress();

test.each([
  {
    what: "a wrong secret",
    change: { PRISMA_AIRS_CLIENT_SECRET: "secret-not-to-be-shown" },
    says: /WRONG {2}.*answered 401 invalid_client for the tenant 1000000001/,
  },
  {
    what: "the secret of an account without its id",
    change: { PRISMA_AIRS_CLIENT_ID: "nobody@1.iam.example" },
    says: /WRONG {2}.*answered 401 invalid_client for the tenant 1000000001/,
  },
  {
    what: "another tenant",
    change: { PRISMA_AIRS_TSG_ID: "42" },
    says: /WRONG {2}.*answered 400 invalid_scope for the tenant 42/,
  },
  {
    what: "a token service that is away",
    change: { PRISMA_AIRS_AUTH_URL: away },
    says: /WRONG {2}.*PRISMA_AIRS_AUTH_URL/,
  },
])("$what is told once with what to do, and the process ends with 1", async ({ change, says }) => {
  const { code, stdout, stderr, requests } = await doctor(() => change);
  expect({ code, stderr }).toEqual({ code: 1, stderr: "" });
  expect(stdout).toMatch(says);
  expect(stdout).toMatch(/\n\n1 thing is wrong\.\n$/);
  expect(stdout).not.toMatch(/not-to-be-shown|sandbox-client-secret/);
  expect(requests.filter(({ method, path }) => method === "GET" && path.startsWith("/ai_gw"))).toEqual([]);
});

test("an API that is away is told before any token is asked for", async () => {
  const base = new URL(away).origin;
  const { code, stdout, requests } = await doctor(() => ({ PRISMA_AIRS_BASE_URL: `${base}/ai_gw` }));
  expect(code).toBe(1);
  expect(stdout).toMatch(/WRONG {2}127\.0\.0\.1:\d+ cannot be reached: ECONNREFUSED\.\n +Check PRISMA_AIRS_BASE_URL/);
  expect(requests).toEqual([]);
});
