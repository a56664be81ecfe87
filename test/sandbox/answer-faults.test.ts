/**
 * Faults of what is answered: reads that are behind, short lists, rewritten fields, and somebody else's writes.
 */
import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import type { Sandbox } from "../../src/sandbox/sandbox.ts";
import { makeSandbox, moment, ok, send } from "./setup.ts";

let now = moment;
let sandbox: Sandbox;
beforeEach(async () => {
  now = moment;
  sandbox = await makeSandbox({ now: () => now });
});

const plan = (...faults: unknown[]) => ok(sandbox, "POST", "/__sandbox/faults", { body: { faults } });
const prompt = (name = "support-reply-dev") => `/prompts/${name}`;
const patch = (string: string) => ok(sandbox, "PUT", prompt(), { body: { patch: true, string } });

async function versions(): Promise<number[]> {
  const list = await ok(sandbox, "GET", `${prompt()}/versions`);
  const entries = (Array.isArray(list) ? list : list.data) as { prompt_version: number }[];
  return entries.map((each) => each.prompt_version);
}

describe("stale reads", () => {
  it("answer the state of a moment ago, until the lag is over", async () => {
    await plan({ kind: "stale", lagMs: 3000 });
    await patch("New");
    expect(await versions()).toEqual([2, 1]);
    now += 2999;
    expect(await versions()).toEqual([2, 1]);
    now += 1;
    expect(await versions()).toEqual([3, 2, 1]);
  });

  it.each([
    ["a new resource", "POST", "/labels", { name: "new" }, "/labels", (body: { total: number }) => body.total, 2],
    [
      "a changed one",
      "PUT",
      "/admin/workspaces/dev",
      { description: "Other" },
      "/admin/workspaces/dev",
      (body: { description: string }) => body.description,
      "What is being built",
    ],
    [
      "a derived list",
      "PUT",
      "/mcp-integrations/issue-tracker/capabilities",
      { capabilities: [{ type: "tool", name: "search_issues", enabled: false }] },
      "/mcp-integrations/issue-tracker/capabilities",
      (body: { counts: { tools: { enabled: number } } }) => body.counts.tools.enabled,
      2,
    ],
    [
      "a deleted one",
      "DELETE",
      "/configs/pc-cache",
      undefined,
      "/configs/pc-cache",
      (body: object) => "config" in body,
      true,
    ],
  ] as const)("do not see %s", async (_what, method, path, body, read, of, before) => {
    const seen = async () => (of as (body: unknown) => unknown)((await send(sandbox, "GET", read)).body);
    expect(await seen()).toEqual(before);
    await plan({ kind: "stale", lagMs: 1000 });
    await ok(sandbox, method, path, { body });
    expect(await seen()).toEqual(before);
    const stale = (await send(sandbox, "GET", read)).body as unknown;
    now += 1000;
    expect((await send(sandbox, "GET", read)).body).not.toEqual(stale);
  });

  it("are always the state of one moment, never a mixture", async () => {
    const lagMs = 1000;
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 700 }), { minLength: 1, maxLength: 8 }), async (waits) => {
        sandbox.reset();
        await plan({ kind: "stale", lagMs });
        const written: { at: number; newest: number }[] = [{ at: -Infinity, newest: 2 }];
        const answered: unknown[] = [];
        const want: unknown[] = [];
        for (const [index, wait] of waits.entries()) {
          await patch(`Text ${index}`);
          written.push({ at: now, newest: index + 3 });
          now += wait;
          const due = written.findLast(({ at }) => at <= now - lagMs)?.newest ?? 0;
          want.push(Array.from({ length: due }, (_, n) => due - n));
          answered.push(await versions());
        }
        expect(answered).toEqual(want);
      }),
      { seed: 15, numRuns: 40 },
    );
  });

  it("hold for the paths and as often as planned, and leave writes alone", async () => {
    await plan({ kind: "stale", lagMs: 1000, path: "/v1/prompts", times: 1 });
    await patch("New");
    await ok(sandbox, "PUT", "/labels/stable", { body: { name: "steady" } });
    expect((await ok(sandbox, "GET", "/labels/stable")).name).toBe("steady");
    expect(await versions()).toEqual([2, 1]);
    expect(await versions()).toEqual([3, 2, 1]);
  });
});

describe("short lists", () => {
  it.each([
    ["/labels", "data", "total"],
    ["/scim/workspaces", "mappings", "total_count"],
    ["/integrations/openai-main/models", "models", "total"],
  ])("%s lacks items and tells its whole total", async (path, field, total) => {
    const whole = await ok(sandbox, "GET", path);
    await plan({ kind: "short", items: 1 });
    const short = await ok(sandbox, "GET", path);
    expect(short[total]).toBe(whole[total]);
    expect(short[field]).toEqual(whole[field].slice(0, -1));
  });
});

it("keeps other values than were sent", async () => {
  await plan({ kind: "rewrite", method: "PUT", fields: { name: "theirs" }, times: 1 });
  await ok(sandbox, "PUT", "/labels/stable", { body: { name: "mine", description: "kept" } });
  expect(await ok(sandbox, "GET", "/labels/stable")).toMatchObject({ name: "theirs", description: "kept" });
});

it("lets somebody else write right after", async () => {
  const request = { method: "PUT", path: `/v1${prompt()}`, body: { patch: true, string: "Theirs" } };
  await plan({ kind: "race", method: "PUT", path: `/v1${prompt()}`, times: 1, request });
  const { prompt_version_id: mine } = await patch("Mine");
  expect(await versions()).toEqual([4, 3, 2, 1]);
  expect((await ok(sandbox, "GET", `${prompt()}/versions/3`)).prompt_version_id).toBe(mine);
  expect((await ok(sandbox, "GET", `${prompt()}/versions/4`)).string).toBe("Theirs");
  expect(sandbox.requests.filter(({ method }) => method === "PUT")).toHaveLength(1);
});

it.each([
  [{ kind: "stale" }, "lagMs"],
  [{ kind: "stale", lagMs: 0 }, "lagMs"],
  [{ kind: "rewrite" }, "fields"],
  [{ kind: "race" }, "request"],
  [{ kind: "race", request: { method: "PUT" } }, "path"],
])("refuses %j", async (fault, word) => {
  const { status, body } = await send(sandbox, "POST", "/__sandbox/faults", { body: [fault] });
  expect([status, body.data.message]).toEqual([400, expect.stringContaining(word)]);
});
