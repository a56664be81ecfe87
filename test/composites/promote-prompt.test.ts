import { describe, expect, test } from "vitest";
import { nameInEnvironment } from "../../src/composites/prompts/environment-names.ts";
import { composite } from "../../src/composites/tools/promote-prompt.ts";
import { fakeContext } from "./fake-context.ts";
import { server, useSandboxServer } from "./use-sandbox-server.ts";

describe("the name in another environment", () => {
  test.each([
    ["greet-dev", "production", [], "greet-production"],
    ["greet", "production", [], "greet-production"],
    ["greet-production", "production", [], "greet-production"],
    ["greet-PROD", "staging", [], "greet-staging"],
    ["greet-blue", "green", [], "greet-blue-green"],
    ["greet-blue", "green", ["blue"], "greet-green"],
    ["greet-eu-west", "us-east", ["eu-west", "west"], "greet-us-east"],
    ["dev", "production", [], "dev-production"],
    ["greet-development-kit", "prod", [], "greet-development-kit-prod"],
  ])("%s in %s, knowing %j", (name, env, known, want) => {
    expect(nameInEnvironment(name, env, known)).toBe(want);
  });
});

describe("promoting in the sandbox", () => {
  useSandboxServer();
  const promote = (more = {}) =>
    server.call("promote_prompt", {
      source_prompt_id: "support-reply-dev",
      target_collection_id: "support-staging",
      target_env: "staging",
      ...more,
    });
  const promoted = async (more = {}) => {
    const { body } = await promote(more);
    return (await server.call("get_prompt", { prompt_id: body["prompt_id"] })).body;
  };

  test("copies the whole content and says where it came from", async () => {
    const tools = [{ type: "function", function: { name: "look" } }];
    await server.call("update_prompt", {
      prompt_id: "support-reply-dev",
      patch: true,
      string: "Q: {{question}}",
      tools,
      tool_choice: "auto",
      is_raw_template: 1,
      prompt_metadata: { app: "support", env: "dev" },
    });
    const source = (await server.call("get_prompt", { prompt_id: "support-reply-dev" })).body;
    const copy = await promoted();
    const newest = (copy["newest"] ?? copy) as Record<string, unknown>;
    expect(newest).toMatchObject({
      name: "support-reply-staging",
      string: "Q: {{question}}",
      parameters: { temperature: 0.3 },
      model: "gpt-4o-mini",
      tools,
      is_raw_template: 1,
      virtual_key: "openai-production-vk",
    });
    expect(newest["template_metadata"]).toEqual({
      app: "support",
      env: "staging",
      promoted_from: source["id"],
      promoted_from_version: 3,
      promoted_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
    });
  });

  test.each([
    [{}, 2, "Question: {{question}}"],
    [{ source_version: 1 }, 1, "{{question}}"],
    [{ source_version: "1" }, 1, "{{question}}"],
    [{ source_version: "published" }, 1, "{{question}}"],
    [{ source_version: "latest" }, 2, "Question: {{question}}"],
  ])("%j takes version %i", async (more, version, content) => {
    const { body } = await promote(more);
    expect(body["source"]).toMatchObject({ name: "support-reply-dev", version });
    const copy = (await server.call("get_prompt", { prompt_id: body["prompt_id"] })).body;
    expect(JSON.parse(String(copy["string"]))).toEqual([{ role: "user", content }]);
  });

  test.each([
    [{ source_version: 9 }, /has no version 9; it has 2, 1\. Pass one of these numbers, or "latest"/],
    [{ source_prompt_id: "nope" }, /404/],
    [{ target_collection_id: "support-dev", target_env: "dev" }, /is the source itself/],
    [{ target_env: "" }, /target_env/],
  ])("%j is refused and writes nothing", async (more, message) => {
    const { isError, text } = await promote(more);
    expect(isError).toBe(true);
    expect(text).toMatch(message);
    expect(server.writes()).toEqual([]);
  });

  test("another name and key are used where given", async () => {
    expect(await promoted({ target_name: "answer", virtual_key: "anthropic-production-vk" })).toMatchObject({
      name: "answer",
      virtual_key: "anthropic-production-vk",
    });
  });

  test("a promoted copy is promoted on with its own provenance, and once", async () => {
    const { body: staged } = await promote();
    const onward = {
      source_prompt_id: staged["prompt_id"],
      target_collection_id: "support-production",
      target_env: "production",
      target_name: "support-reply-live",
    };
    const copy = await promoted(onward);
    expect(copy["template_metadata"]).toMatchObject({ env: "production", promoted_from: staged["prompt_id"] });
    expect((await promote(onward)).body).toMatchObject({ action: "unchanged", changes: [] });
  });

  test("what the target has and the source has not goes", async () => {
    await server.call("create_prompt", {
      name: "support-reply-staging",
      collection_id: "support-staging",
      string: "old",
      parameters: { top_p: 1 },
      virtual_key: "openai-production-vk",
      tools: [{ type: "function" }],
    });
    const { body } = await promote();
    expect(body).toMatchObject({
      action: "updated",
      version: 2,
      published_version: 1,
      next: { tool: "publish_prompt" },
    });
    expect((body["changes"] as { field: string }[]).map(({ field }) => field)).toEqual(
      expect.arrayContaining(["tools", "parameters.top_p"]),
    );
    expect((await promote()).body).toMatchObject({ action: "unchanged" });
  });
});

test("a source without a key needs one to be given", async () => {
  const { context } = fakeContext({
    get_prompt: { id: "p1", name: "a-dev", string: "x", prompt_version: 1 },
    list_prompt_versions: [{ id: "v1", prompt_version: 1 }],
  });
  await expect(
    composite({ source_prompt_id: "p1", target_collection_id: "c", target_env: "prod" }, context),
  ).rejects.toThrow(/Pass virtual_key/);
});
