import { describe, expect, it } from "vitest";
import { createPolicy } from "../../src/catalog/create-policy.ts";
import { decide } from "../../src/catalog/decide.ts";
import { narrowPolicy } from "../../src/catalog/policy/narrow.ts";
import type { Narrowing, Policy, PolicyInput } from "../../src/catalog/policy.ts";
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

/** What `outer` forbids and `inner` does not. */
function liftedRestrictions(outer: Policy, inner: Policy): string[] {
  const admitted = RECORDS.filter((record) => !decide(outer, record).allowed && decide(inner, record).allowed);
  return [
    ...admitted.map(({ name }) => name),
    ...(["readOnly", "discover"] as const).filter((name) => outer[name] && !inner[name]),
    ...(outer.confirm === "always" && inner.confirm !== "always" ? ["confirm"] : []),
  ];
}

describe("narrowPolicy", () => {
  it("never widens, whatever is wished, once or twice", () => {
    const pairs = WISHES.flatMap((first) => WISHES.map((second) => ({ first, second })));
    const cases = SERVERS.flatMap((server) => pairs.map((pair) => ({ server, ...pair })));
    const widened = cases.flatMap(({ server, first, second }) => {
      const outer = createPolicy(server);
      const lifted = liftedRestrictions(outer, narrowPolicy(narrowPolicy(outer, first), second));
      return lifted.length > 0 ? [{ server, first, second, lifted }] : [];
    });
    expect(widened).toEqual([]);
  });

  it("keeps one shared policy for a wish that restricts nothing", () => {
    const policy = createPolicy({ readOnly: true, confirm: "always" });
    const wishes = [{}, { readOnly: false }, { readOnly: true }, { confirm: "auto" as const }, { domains: null }];
    expect(wishes.filter((wish) => narrowPolicy(policy, wish) !== policy)).toEqual([]);
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
