import { PortkeyMcpError } from "../../src/errors/errors.ts";
import { describe, expect, test } from "vitest";
import { composite as create } from "../../src/composites/tools/create-config.ts";
import { fakeContext } from "./fake-context.ts";
import { failEachStep } from "./fail-each-step.ts";
import { server, useSandboxServer } from "./use-sandbox-server.ts";

useSandboxServer({ admin: true });

const config = {
  strategy: { mode: "loadbalance" },
  targets: [
    {
      provider: "@openai-production",
      weight: 0.7,
      override_params: { model: "gpt-4o" },
      own_setting: { kept: [1, null, "x"] },
    },
    { weight: 0.3, strategy: { mode: "fallback" }, targets: [{ virtual_key: "anthropic-production-vk" }] },
  ],
};
const bodyOf = async (slug: unknown) => {
  const { body } = await server.call("get_config", { slug });
  return body["config"];
};

describe("create_config", () => {
  test("sends the whole config as it was given, and answers with the slug", async () => {
    const { body } = await server.call("create_config", { name: "Split", config, workspace_id: "production" });
    expect(server.writes()[0]?.body).toEqual({ name: "Split", config, workspace_id: "production" });
    expect(body["slug"]).toMatch(/^pc-split/);
    expect(JSON.parse(String(await bodyOf(body["slug"])))).toEqual(config);
  });

  test.each([
    [{ targets: [{ weight: "a lot" }] }, "config.targets[0].weight must be a number, got a string"],
    [{ targets: [{}, { retry: { attempts: "three" } }] }, "config.targets[1].retry.attempts must be"],
    [{ strategy: { mode: "fallback" } }, "config.targets must hold at least one target"],
    ["fallback", "config must be an object, got a string"],
  ])("%j is refused with the path, and nothing is sent", async (wrong, message) => {
    const { isError, text } = await server.call("create_config", { name: "Wrong", config: wrong });
    expect(isError).toBe(true);
    expect(text).toContain(message);
    expect(server.sent).toEqual([]);
  });

  test("a slug that cannot be read is no failure", async () => {
    const { context } = fakeContext({
      create_config: { data: { id: "c1" } },
      list_configs: () => {
        throw new PortkeyMcpError("BAD_INPUT", "not now");
      },
    });
    expect(await create({ name: "a", config: { cache: { mode: "simple" } } }, context)).toMatchObject({
      data: { id: "c1" },
      note: expect.stringContaining("slug could not be read"),
    });
  });

  test("a slug that Portkey answers is not looked up", async () => {
    const { context, calls } = fakeContext({ create_config: { data: { id: "c1", slug: "pc-1" } } });
    expect(await create({ name: "a", config: { cache: { mode: "simple" } } }, context)).toMatchObject({ slug: "pc-1" });
    expect(calls).toHaveLength(1);
  });
});

describe("update_config", () => {
  const changed = { cache: { mode: "semantic", max_age: 60 }, provider: "@openai-production" };

  test("says what changed, field by field, also in a dry run", async () => {
    const changes = [
      { field: "cache.mode", before: "simple", after: "semantic" },
      { field: "cache.max_age", before: 3600, after: 60 },
    ];
    const dry = await server.call("update_config", { slug: "pc-cache", config: changed, dry_run: true });
    expect(dry.body).toMatchObject({
      dry_run: true,
      changes,
      would_send: [{ method: "PUT", body: { config: changed } }],
    });
    expect(server.writes()).toEqual([]);
    expect((await server.call("update_config", { slug: "pc-cache", config: changed })).body).toMatchObject({
      action: "updated",
      slug: "pc-cache",
      changes,
    });
    expect(JSON.parse(String(await bodyOf("pc-cache")))).toEqual(changed);
  });

  test("a name alone is sent alone", async () => {
    await server.call("update_config", { slug: "pc-cache", name: "Cache" });
    expect(server.sent.map(({ method, body }) => [method, body])).toEqual([["PUT", { name: "Cache" }]]);
  });
});

describe("promote_config", () => {
  const args = {
    slug: "pc-fallback",
    target_workspace_id: "staging",
    mapping: { "anthropic-production": "openai-staging" },
  };
  const promote = (more = {}) => server.call("promote_config", { ...args, ...more });
  const mapping = [
    { kind: "provider", from: "openai-production", to: "openai-staging", by: "slug without environment" },
    { kind: "provider", from: "anthropic-production", to: "openai-staging", by: "mapping" },
  ];

  test("creates, finds nothing to do, then updates", async () => {
    const first = await promote();
    expect(first.body).toMatchObject({ action: "created", name: "Fallback to Anthropic", mapping });
    expect(JSON.parse(String(await bodyOf(first.body["slug"])))).toMatchObject({
      targets: [{ provider: "@openai-staging" }, { provider: "@openai-staging" }],
    });

    server.forget();
    expect((await promote()).body).toMatchObject({ action: "unchanged", slug: first.body["slug"] });
    expect(server.writes()).toEqual([]);

    await server.call("update_config", {
      slug: "pc-fallback",
      config: { strategy: { mode: "fallback" }, targets: [{ provider: "@openai-production" }], retry: { attempts: 1 } },
    });
    expect((await promote()).body).toMatchObject({
      action: "updated",
      slug: first.body["slug"],
      changes: expect.arrayContaining([{ field: "retry.attempts", before: 5, after: 1 }]),
    });
    expect((await promote()).body).toMatchObject({ action: "unchanged" });
  });

  test("a dry run shows the mapping and the request, and sends no write", async () => {
    const { body } = await promote({ dry_run: true });
    expect(body).toMatchObject({ dry_run: true, action: "create", mapping, would_send: [{ method: "POST" }] });
    expect(server.writes()).toEqual([]);
    await promote();
    expect(server.writes()[0]?.body).toEqual((body["would_send"] as { body: unknown }[])[0]?.body);
  });

  test("without a counterpart nothing is written, and what there is is listed", async () => {
    const { isError, text } = await promote({ mapping: {} });
    expect(isError).toBe(true);
    expect(text).toMatch(/no counterpart for provider anthropic-production \(there is: openai-staging\).*mapping/);
    expect(server.writes()).toEqual([]);
  });

  test("several configs of the name are an error that lists them", async () => {
    for (let n = 0; n < 2; n++)
      await server.call("create_config", {
        name: "Fallback to Anthropic",
        config: { cache: { mode: "simple" } },
        workspace_id: "staging",
      });
    server.forget();
    const { isError, text } = await promote();
    expect(isError).toBe(true);
    expect(text).toMatch(/^2 configs in workspace staging are called "Fallback to Anthropic"/);
    expect(server.writes()).toEqual([]);
  });

  test("into its own workspace is refused", async () => {
    const { isError, text } = await promote({ target_workspace_id: "production" });
    expect(isError).toBe(true);
    expect(text).toContain("the target is the source itself");
  });

  test.each([
    ["refused", false],
    ["carried out, its answer lost", true],
  ])("each step %s once", async (_title, processed) => {
    const settled = async () => {
      const rows = (await server.call("list_configs", { workspace_id: "staging" })).body["data"] as unknown[];
      expect(rows).toHaveLength(1);
    };
    expect(await failEachStep({ server, act: () => promote(), settled }, processed)).toBe(5);
  });
});
