import { describe, expect, test } from "vitest";
import type { Composite } from "../../src/composites/composite.ts";
import { composite as create } from "../../src/composites/tools/create-config.ts";
import { composite as promote } from "../../src/composites/tools/promote-config.ts";
import { fakeContext } from "./fake-context.ts";

type Json = Readonly<Record<string, unknown>>;

const config = { strategy: { mode: "fallback" }, targets: [{ prompt_id: "pp-a-dev" }, { provider: "@openai" }] };

/** A workspace in which a new config is listed after so many reads, and after one that somebody else made. */
function upstream(behind: number) {
  let created = false;
  let reads = 0;
  const rows = () => {
    if (!created) return [];
    reads += 1;
    const others = [{ id: "c9", slug: "pc-others", name: "Other" }];
    return reads > behind ? [...others, { id: "c1", slug: "pc-mine", name: "Mine" }] : others;
  };
  return {
    list_configs: () => ({ data: rows() }),
    create_config: () => {
      created = true;
      return { success: true, data: { id: "c1", version_id: "v1" } };
    },
    get_config: { id: "c0", slug: "pc-source", name: "Mine", workspace_id: "w-dev", config: JSON.stringify(config) },
    list_config_versions: { data: [] },
    list_providers: { data: [{ id: "i1", slug: "openai", name: "OpenAI" }] },
    list_prompts: (args: Json) => ({
      data:
        args["workspace_id"] === "w-prod"
          ? [{ id: "u2", slug: "pp-b-9f", name: "answer-prod" }]
          : [{ id: "u1", slug: "pp-a-dev", name: "answer-dev" }],
    }),
  };
}

describe.each<[string, Composite, Json]>([
  ["create_config", create, { name: "Mine", config: { provider: "@openai" }, workspace_id: "w-prod" }],
  ["promote_config", promote, { slug: "pc-source", target_workspace_id: "w-prod" }],
])("%s", (_tool, composite, args) => {
  test.each([0, 1, 4])("the slug is that of the id that was answered, %i reads later", async (behind) => {
    expect(await composite(args, fakeContext(upstream(behind)).context)).toMatchObject({ slug: "pc-mine" });
  });

  test("a slug that never shows up is not known, and no other's is taken", async () => {
    const { context, waits } = fakeContext(upstream(1000));
    const answer = await composite(args, context);
    expect(answer).not.toHaveProperty("slug");
    expect(answer["note"]).toMatch(/slug is not known/);
    expect(waits.reduce((sum, each) => sum + each)).toBeLessThan(4500);
  });
});

test("a prompt is mapped by its name apart from the environment, in get_config's workspace", async () => {
  const { context, calls } = fakeContext(upstream(0));
  expect(await promote({ slug: "pc-source", target_workspace_id: "w-prod" }, context)).toMatchObject({
    action: "created",
    name: "Mine",
    mapping: [
      { kind: "prompt", from: "pp-a-dev", to: "pp-b-9f", by: "name without environment" },
      { kind: "provider", from: "openai", to: "openai", by: "slug" },
    ],
  });
  expect(calls.find(({ tool }) => tool === "create_config")?.args).toMatchObject({
    config: { targets: [{ prompt_id: "pp-b-9f" }, { provider: "@openai" }] },
  });
  expect(calls.filter(({ tool }) => tool === "list_prompts").map(({ args }) => args["workspace_id"])).toEqual([
    "w-prod",
    "w-dev",
  ]);
});

test("a prompt without a counterpart is named, and nothing is written", async () => {
  const { context, calls } = fakeContext({ ...upstream(0), list_prompts: { data: [] } });
  await expect(promote({ slug: "pc-source", target_workspace_id: "w-prod" }, context)).rejects.toThrow(
    /no counterpart for prompt pp-a-dev/,
  );
  expect(calls.map(({ tool }) => tool)).not.toContain("create_config");
});

test("what cannot be mapped is warned about", async () => {
  const held = { ...config, targets: [{ provider: "@openai", integration: "@source-only" }] };
  const { context } = fakeContext({ ...upstream(0), get_config: { name: "Mine", config: held } });
  expect((await promote({ slug: "pc-source", target_workspace_id: "w-prod" }, context))["warnings"]).toContainEqual(
    expect.stringContaining('config.targets[0].integration is "@source-only"'),
  );
});
