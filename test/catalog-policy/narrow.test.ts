import { describe, expect, it } from "vitest";
import { createPolicy } from "../../src/catalog/create-policy.ts";
import { decide } from "../../src/catalog/decide.ts";
import { narrowPolicy } from "../../src/catalog/policy/narrow.ts";
import type { Narrowing, PolicyInput } from "../../src/catalog/policy.ts";
import { RECORDS } from "./records.ts";

const SERVERS: readonly PolicyInput[] = [
  {},
  { readOnly: true },
  { domains: ["prompts"] },
  { domains: ["keys"], writeDomains: [] },
  { tools: ["get_*", "!get_trace"] },
  { profile: "core" },
  { confirm: "always" },
  { discover: true },
];

const WISHES: readonly Narrowing[] = [
  {},
  { readOnly: false },
  { readOnly: true },
  { domains: ["prompts", "keys", "tracing"] },
  { domains: ["keys"] },
  { domains: [], tools: ["*"] },
  { writeDomains: ["prompts", "keys"] },
  { tools: ["*"] },
  { tools: ["**"] },
  { tools: ["!nothing_of_that_name"] },
  { tools: ["delete_prompt"] },
  { tools: ["!(get_prompt)"] },
  { confirm: "never", discover: false },
];

describe("narrowPolicy", () => {
  it("never widens, whatever is wished, once or twice", () => {
    for (const server of SERVERS) {
      const outer = createPolicy(server);
      for (const first of WISHES) {
        for (const second of WISHES) {
          const inner = narrowPolicy(narrowPolicy(outer, first), second);
          for (const record of RECORDS) {
            if (!decide(outer, record).allowed)
              expect(decide(inner, record).allowed, JSON.stringify({ server, first, second, record })).toBe(false);
          }
          if (outer.confirm === "always") expect(inner.confirm).toBe("always");
          if (outer.readOnly) expect(inner.readOnly).toBe(true);
          if (outer.discover) expect(inner.discover).toBe(true);
        }
      }
    }
  });

  it("keeps one shared policy for a wish that restricts nothing", () => {
    const policy = createPolicy({ readOnly: true, confirm: "always" });
    for (const wish of [{}, { readOnly: false }, { readOnly: true }, { confirm: "auto" as const }, { domains: null }]) {
      expect(narrowPolicy(policy, wish)).toBe(policy);
    }
  });

  it("cuts the domains that are shown down to the outer policy's", () => {
    const inner = narrowPolicy(createPolicy({ domains: ["prompts", "keys"] }), { domains: ["keys", "audit"] });
    expect([...(inner.domains ?? [])]).toEqual(["keys"]);
  });

  it("takes confirmation only where it is stricter", () => {
    expect(narrowPolicy(createPolicy({ confirm: "never" }), { confirm: "auto" }).confirm).toBe("auto");
    expect(narrowPolicy(createPolicy({ confirm: "auto" }), { confirm: "never" }).confirm).toBe("auto");
  });
});

describe("a policy's key", () => {
  it("is equal for equal policies and does not depend on order", () => {
    expect(createPolicy({ domains: ["a", "b"], tools: ["x", "!y"] }).key).toBe(
      createPolicy({ domains: ["b", "a", "a"], tools: ["!y", "x"] }).key,
    );
  });

  it("differs wherever the policies differ", () => {
    const base = createPolicy();
    const all = [
      base,
      createPolicy({ domains: [] }),
      createPolicy({ domains: ["a"] }),
      createPolicy({ writeDomains: ["a"] }),
      createPolicy({ tools: ["a"] }),
      createPolicy({ tools: ["!a"] }),
      createPolicy({ readOnly: true }),
      createPolicy({ discover: true }),
      createPolicy({ confirm: "always" }),
      createPolicy({ confirm: "never" }),
      createPolicy({ profile: "core" }),
      narrowPolicy(createPolicy({ tools: ["a"] }), { tools: ["a"] }),
      narrowPolicy(createPolicy({ tools: ["b"] }), { tools: ["a"] }),
    ];
    expect(new Set(all.map((policy) => policy.key)).size).toBe(all.length);
  });
});
