/** Which settings each edition takes, and what is said of those of the other one. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { loadConfig } from "../../src/config/load-config.ts";

const folder = mkdtempSync(join(tmpdir(), "editions-"));
afterAll(() => rmSync(folder, { recursive: true }));
const secretFile = join(folder, "secret");
writeFileSync(secretFile, "from-a-file\n");

const ACCOUNT = {
  PRISMA_AIRS_CLIENT_ID: "someone@1.iam.example",
  PRISMA_AIRS_CLIENT_SECRET: "a-client-secret",
  PRISMA_AIRS_TSG_ID: "1234567890",
};
const load = (env: Record<string, string>, sandbox = false) =>
  loadConfig({ env, flags: {} }, [], { sandbox, needsKey: true });
const said = (env: Record<string, string>) => {
  try {
    load(env);
    return "";
  } catch (error) {
    return (error as Error).message;
  }
};

test("airs takes a service account, and answers at its own addresses", () => {
  const { PRISMA_AIRS_CLIENT_SECRET: _, ...rest } = ACCOUNT;
  const config = load({ PORTKEY_EDITION: "airs", ...rest, PRISMA_AIRS_CLIENT_SECRET_FILE: secretFile });
  expect(config).toMatchObject({
    edition: "airs",
    tokenUrl: "https://auth.apps.paloaltonetworks.com/oauth2/access_token",
    bases: {
      control: "https://api.apps.paloaltonetworks.com/ai_gw/v2",
      admin: "https://api.apps.paloaltonetworks.com/ai_gw/admin/v2",
      tenant: "https://api.apps.paloaltonetworks.com/ai_gw",
      gateway: "https://aigw.portkey.ai/v1",
    },
    credentials: { account: { clientSecret: "from-a-file", tenant: "1234567890", sendsTenant: false } },
  });
});

describe("one line for what is missing or of the other edition", () => {
  test.each([
    [{ PORTKEY_EDITION: "airs" }, /^The edition is airs, and PRISMA_AIRS_CLIENT_ID, .* are not set/],
    [{ PORTKEY_EDITION: "airs", ...ACCOUNT, PRISMA_AIRS_TSG_ID: "" }, /PRISMA_AIRS_TSG_ID is not set/],
    [{ PORTKEY_EDITION: "airs", PORTKEY_API_KEY: "pk-1" }, /^PORTKEY_API_KEY belongs to the edition portkey/],
    [
      { PORTKEY_EDITION: "airs", ...ACCOUNT, PORTKEY_API_KEY: "pk-1", PORTKEY_BASE_URL: "https://x.example" },
      /^PORTKEY_API_KEY, PORTKEY_BASE_URL belong to the edition portkey, and PORTKEY_EDITION is airs/,
    ],
    [
      { PORTKEY_EDITION: "airs", ...ACCOUNT, PORTKEY_ADMIN_API_KEY_FILE: "/nowhere" },
      /^PORTKEY_ADMIN_API_KEY_FILE belongs to the edition portkey/,
    ],
    [{ PORTKEY_API_KEY: "pk-1", PRISMA_AIRS_TSG_ID: "1" }, /^PRISMA_AIRS_TSG_ID belongs to the edition airs/],
    [{ PORTKEY_EDITION: "airs", ...ACCOUNT, PRISMA_AIRS_TSG_ID: "tsg" }, /^PRISMA_AIRS_TSG_ID is "tsg"/],
    [{ PORTKEY_EDITION: "prisma" }, /^PORTKEY_EDITION is "prisma"\. Use one of: airs, portkey\./],
    [
      { PORTKEY_EDITION: "airs", ...ACCOUNT, PRISMA_AIRS_AUTH_URL: "http://auth.example/token" },
      /^PRISMA_AIRS_AUTH_URL is "http:\/\/auth.example\/token", where keys would travel in plain text/,
    ],
  ])("%o", (env, line) => {
    const text = said(env);
    expect(text).toMatch(line);
    expect(text.split("\n")).toHaveLength(1);
    expect(text).not.toContain("a-client-secret");
  });
});

test("the sandbox takes either edition whatever keys are set", () => {
  expect(load({ PORTKEY_EDITION: "airs", PORTKEY_API_KEY: "pk-1" }, true).edition).toBe("airs");
  expect(load({ ...ACCOUNT }, true).edition).toBe("portkey");
});
