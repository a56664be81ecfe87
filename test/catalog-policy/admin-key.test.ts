/** What the admin key may be used for: each entry admits by itself, and every policy of the chain must admit. */
import { describe, expect, it } from "vitest";
import { adminKeyRefusal } from "../../src/catalog/admin-key.ts";
import { createPolicy } from "../../src/catalog/create-policy.ts";
import { narrowPolicy } from "../../src/catalog/policy/narrow.ts";

const READ = { domain: "users", risk: "read" } as const;
const WRITE = { domain: "users", risk: "update" } as const;

describe("an entry", () => {
  it.each([
    [undefined, true, true],
    [["read"], true, false],
    [["users"], true, true],
    [["users:read"], true, false],
    [["prompts"], false, false],
    [["prompts", "read"], true, false],
    [["read", "users"], true, true],
    [["none"], false, false],
    [[], false, false],
  ])("%j admits a read: %s, a write: %s", (adminKeyFor, reads, writes) => {
    const policy = createPolicy({ adminKeyFor });
    expect([adminKeyRefusal(policy, READ), adminKeyRefusal(policy, WRITE)].map((one) => one === undefined)).toEqual([
      reads,
      writes,
    ]);
  });
});

it("a rule narrows the server's setting and never widens it, and each is named", () => {
  const rule = { domains: "", tools: "", readOnly: "", adminKey: "the rule" };
  const server = createPolicy({ adminKeyFor: ["read"] });
  const caller = narrowPolicy(server, { adminKeyFor: ["users"], settings: rule });
  expect(adminKeyRefusal(caller, WRITE)).toEqual({ setting: "PORTKEY_ADMIN_KEY_FOR", admits: "read" });
  expect(adminKeyRefusal(caller, READ)).toBeUndefined();
  expect(adminKeyRefusal(caller, { domain: "prompts", risk: "read" })).toEqual({
    setting: "the rule",
    admits: "users",
  });
  expect(caller.key).not.toBe(server.key);
});
