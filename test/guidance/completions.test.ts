import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import type { PolicyInput } from "../../src/catalog/policy.ts";
import { createValueCache } from "../../src/mcp/guidance/completions-cache.ts";
import { createComplete } from "../../src/mcp/guidance/completions.ts";
import type { Caller } from "../../src/mcp/registry.ts";
import { catalogue, startRig, type Rig } from "./rig.ts";
import { link } from "../mcp/client-link.ts";

let rig: Rig;
let turn = 0;
beforeAll(async () => {
  rig = await startRig();
});
afterAll(() => rig.close());
// What is kept for one test's caller must not answer another's.
beforeEach(() => void (turn += 1));

const caller = (input: PolicyInput = {}, more: Partial<Caller> = {}) =>
  rig.caller(input, { principal: `test ${turn}`, ...more });
const template = (uri: string) => ({ type: "ref/resource", uri });
const prompt = (name: string) => ({ type: "ref/prompt", name });
const complete = async (ref: object, name: string, value: string, who = caller(), context?: object) => {
  const { completion } = (await rig.registry.complete(
    {
      ref: ref as Record<string, unknown>,
      argument: { name, value },
      context: context as Record<string, unknown> | undefined,
    },
    who,
    link(),
  )) as {
    completion: { values: string[]; total: number; hasMore: boolean };
  };
  return completion;
};

describe("values", () => {
  test.each([
    [template("portkey://configs/{slug}"), "slug", "pc-", /^pc-/],
    [template("portkey://prompts/{id}"), "id", "", /^[0-9a-f-]{36}$/],
    [template("portkey://guardrails/{id}"), "id", "", /^[0-9a-f-]{36}$/],
    [template("portkey://tools/{name}"), "name", "delete_", /^delete_/],
    [prompt("investigate_cost_spike"), "workspace", "p", /^production$/],
    [prompt("rotate_keys"), "key", "", /^[0-9a-f-]{36}$/],
    [prompt("promote_prompt"), "prompt", "", /^[0-9a-f-]{36}$/],
  ])("%j completes %s from %j", async (ref, name, value, wanted) => {
    const { values, total, hasMore } = await complete(ref, name, value);
    expect(values.length).toBeGreaterThan(0);
    expect(values.filter((one) => !wanted.test(one))).toEqual([]);
    expect({ total, hasMore }).toEqual({ total: values.length, hasMore: false });
  });

  test("are found by name too, whatever the case", async () => {
    const all = await complete(template("portkey://prompts/{id}"), "id", "");
    const some = await complete(template("portkey://prompts/{id}"), "id", "SUMMARISE");
    expect(some.values.length).toBeGreaterThan(0);
    expect(some.values.length).toBeLessThan(all.values.length);
  });

  test("of collections are those of the workspace that was chosen", async () => {
    const ref = prompt("promote_prompt");
    expect(await complete(ref, "target_collection", "")).toMatchObject({ values: [] });
    expect(
      (await complete(ref, "target_collection", "", caller(), { arguments: { workspace: "production" } })).values
        .length,
    ).toBeGreaterThan(0);
    expect(rig.seen().filter((request) => request.includes("/collections"))).toHaveLength(1);
  });

  test.each([
    [template("portkey://configs/{slug}"), "id"],
    [template("portkey://nothing/{id}"), "id"],
    [prompt("promote_prompt"), "target_env"],
    [prompt("nothing"), "prompt"],
    [{ type: "ref/other" }, "id"],
    [{}, "id"],
  ])("%j has none for %s", async (ref, name) => {
    rig.seen();
    expect(await complete(ref, name, "")).toEqual({ values: [], total: 0, hasMore: false });
    expect(rig.seen()).toEqual([]);
  });

  test("are at most 100, and say so", async () => {
    const { values, total, hasMore } = await complete(template("portkey://tools/{name}"), "name", "");
    expect(values).toHaveLength(100);
    expect({ total, hasMore }).toEqual({ total: catalogue.records.length, hasMore: true });
  });
});

describe("what is kept", () => {
  const ref = template("portkey://configs/{slug}");

  test("answers the next letters without a request", async () => {
    rig.seen();
    await complete(ref, "slug", "p");
    await complete(ref, "slug", "pc");
    expect(rig.seen()).toEqual(["GET /configs"]);
  });

  test.each([
    ["principal", () => caller({}, { principal: "somebody else" })],
    ["binding", () => caller({}, { binding: "b" })],
    ["key", () => caller({}, { credentials: { workspaceKey: "wrong" } })],
    ["policy", () => caller({ readOnly: true })],
  ])("is not for another %s", async (_what, other) => {
    await complete(ref, "slug", "");
    rig.seen();
    await complete(ref, "slug", "", other());
    expect(rig.seen()).toEqual(["GET /configs"]);
  });

  test("is gone after half a minute", async () => {
    let now = 0;
    const kept = createValueCache(() => now);
    const fetch = vi.fn(async () => [{ value: "a", names: [] }]);
    const at = async (ms: number) => {
      now = ms;
      return kept(caller(), "source", fetch);
    };
    const values = [await at(0), await at(29_999)];
    expect(fetch).toHaveBeenCalledTimes(1);
    values.push(await at(30_000));
    expect(fetch).toHaveBeenCalledTimes(2);
    expect(values).toEqual(values.map(() => [{ value: "a", names: [] }]));
  });

  test("is kept for two hundred callers, and asked for again by the one before them", async () => {
    const kept = createValueCache();
    const fetch = vi.fn(async () => []);
    for (let n = 0; n <= 200; n++) await kept(caller({}, { principal: `p${n}` }), "source", fetch);
    await kept(caller({}, { principal: "p0" }), "source", fetch);
    await kept(caller({}, { principal: "p200" }), "source", fetch);
    expect(fetch).toHaveBeenCalledTimes(202);
  });
});

describe("a list that cannot be had", () => {
  const ref = template("portkey://configs/{slug}");

  test.each([
    ["a wrong key", () => caller({}, { credentials: { workspaceKey: "wrong" } })],
    ["no key", () => caller({}, { credentials: {} })],
    ["a policy that refuses it", () => caller({ domains: ["prompts"] })],
  ])("completes nothing: %s", async (_what, who) => {
    expect(await complete(ref, "slug", "", who())).toEqual({ values: [], total: 0, hasMore: false });
  });

  test("is asked for again", async () => {
    const callTool = vi.fn(async () => ({ content: [{ type: "text", text: "no" }], isError: true }));
    const again = createComplete(catalogue, callTool);
    const ask = () => again({ ref, argument: { name: "slug", value: "" } }, caller(), link());
    const nothing = { completion: { values: [] } };
    expect([await ask(), await ask()]).toMatchObject([nothing, nothing]);
    expect(callTool).toHaveBeenCalledTimes(2);
  });

  test.each(["not json", "[]", "{}", '{"data":[{"slug":null},{"name":"x"}]}', '{"data":"x"}'])(
    "completes nothing from %s",
    async (text) => {
      const strange = createComplete(catalogue, async () => ({ content: [{ type: "text", text }] }));
      expect(await strange({ ref, argument: { name: "slug", value: "" } }, caller(), link())).toMatchObject({
        completion: { values: [] },
      });
    },
  );
});
