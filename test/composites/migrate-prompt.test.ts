import { describe, expect, test } from "vitest";
import { composite } from "../../src/composites/tools/migrate-prompt.ts";
import { fakeContext, type Answers } from "./fake-context.ts";
import { type SandboxServer } from "./sandbox-server.ts";
import { server, useSandboxServer } from "./use-sandbox-server.ts";

const desired = {
  name: "greet",
  collection_id: "support-dev",
  app: "support",
  env: "dev",
  template: "Hello {{who}}",
  parameters: { temperature: 0.2 },
  virtual_key: "openai-production-vk",
};

describe("in the sandbox", () => {
  useSandboxServer();
  const migrate = async (more = {}) => (await server.call("migrate_prompt", { ...desired, ...more })).body;

  test("a prompt on the last of several pages is found", async () => {
    for (let n = 0; n < 205; n++) await server.sandbox.inject(creation(server, `filler-${n}`));
    await server.sandbox.inject(creation(server, desired.name));
    const answer = await migrate();
    expect(answer).toMatchObject({ action: "updated", name: desired.name });
    expect(server.sent.filter(({ path }) => path.startsWith("/prompts?")).length).toBe(3);
  });

  test("only exactly the name counts", async () => {
    await migrate({ name: "greeting" });
    await migrate({ name: "Greet" });
    expect(await migrate()).toMatchObject({ action: "created" });
  });

  test("the same name in another collection is another prompt", async () => {
    await migrate();
    expect(await migrate({ collection_id: "support-staging" })).toMatchObject({ action: "created" });
  });

  test("duplicates are an error that lists their ids, and nothing is written", async () => {
    await server.sandbox.inject(creation(server, desired.name));
    await server.sandbox.inject(creation(server, desired.name));
    const { isError, text } = await server.call("migrate_prompt", desired);
    expect(isError).toBe(true);
    expect(text).toMatch(
      /^2 prompts in collection support-dev are called "greet": [\w-]{36}, [\w-]{36}\. Nothing was changed/,
    );
    expect(server.writes()).toEqual([]);
  });

  test("the newest version is compared, not the published one", async () => {
    await migrate();
    await migrate({ template: "Good day {{who}}" });
    server.forget();
    expect(await migrate({ template: "Good day {{who}}" })).toMatchObject({
      action: "unchanged",
      version: 2,
      published_version: 1,
    });
    expect(server.writes()).toEqual([]);
    // The published text again is a change of the newest, and makes a third version.
    expect(await migrate()).toMatchObject({ action: "updated", version: 3 });
  });

  test("publish puts an unchanged but unpublished version live, once", async () => {
    await migrate();
    await migrate({ template: "Good day {{who}}" });
    server.forget();
    expect(await migrate({ template: "Good day {{who}}", publish: true })).toMatchObject({
      action: "unchanged",
      version: 2,
      published_version: 2,
      previously_published: 1,
      published: true,
    });
    expect(server.writes().map(({ path, body }) => [path.split("/").at(-1), body])).toEqual([
      ["makeDefault", { version: 2 }],
    ]);
    server.forget();
    await migrate({ template: "Good day {{who}}", publish: true });
    expect(server.writes()).toEqual([]);
  });

  test("what is not given stays as it is in the newest version", async () => {
    await migrate({
      model: "gpt-4o",
      tools: [{ type: "function", function: { name: "look" } }],
      tool_choice: "auto",
      template_metadata: { owner: "ada" },
    });
    await migrate({ template: "Good day {{who}}", template_metadata: { reviewed: "yes" } });
    const { newest } = (
      await server.call("get_prompt", { prompt_id: (await migrate({ template: "Good day {{who}}" }))["prompt_id"] })
    ).body;
    expect(newest).toMatchObject({
      string: "Good day {{who}}",
      model: "gpt-4o",
      tools: [{ type: "function", function: { name: "look" } }],
      template_metadata: { owner: "ada", reviewed: "yes", app: "support", env: "dev" },
    });
  });

  test("an empty list takes the tools away", async () => {
    await migrate({ tools: [{ type: "function", function: { name: "look" } }] });
    expect(await migrate({ tools: [] })).toMatchObject({ action: "updated", changes: [{ field: "tools" }] });
    expect(await migrate({ tools: [] })).toMatchObject({ action: "unchanged" });
  });

  test.each([
    [
      "messages and the same messages as JSON text",
      [{ role: "user", content: "Hi" }],
      '[ {"role": "user", "content": "Hi"} ]',
    ],
    ["text and the same text", "Hi {{who}}", "Hi {{who}}"],
  ])("%s are the same", async (_title, first, second) => {
    await migrate({ template: first });
    expect(await migrate({ template: second })).toMatchObject({ action: "unchanged" });
  });

  test("an unknown argument is refused with the closest one, and nothing is sent", async () => {
    const { text } = await server.call("migrate_prompt", { ...desired, virtual_keys: "x" });
    expect(text).toContain("virtual_keys is not an argument of migrate_prompt; the closest is virtual_key");
    expect(server.sent).toEqual([]);
  });

  test.each([
    [{ template: 7 }, /template must be/],
    [{ template: [] }, /template/],
    [{ name: "" }, /name/],
    [{ parameters: "hot" }, /parameters must be an object/],
    [{ publish: "yes" }, /publish must be/],
  ])("%j is refused before anything is sent", async (wrong, message) => {
    const { isError, text } = await server.call("migrate_prompt", { ...desired, ...wrong });
    expect(isError).toBe(true);
    expect(text).toMatch(message);
    expect(server.sent).toEqual([]);
  });

  test("read-only refuses it with the setting's name", async () => {
    const { isError, text } = await server.call("migrate_prompt", desired, { policy: { readOnly: true } });
    expect(isError).toBe(true);
    expect(text).toContain("PORTKEY_READ_ONLY");
    expect(server.sent).toEqual([]);
  });

  test("where publishing is excluded, what was saved is told", async () => {
    await migrate();
    const { isError, body } = await server.call(
      "migrate_prompt",
      { ...desired, template: "Good day", publish: true },
      { policy: { tools: ["!publish_prompt"] } },
    );
    expect(isError).toBe(true);
    expect(body).toMatchObject({
      done: [{ tool: "update_prompt" }],
      failed: { tool: "publish_prompt", code: "NOT_ALLOWED" },
    });
  });
});

describe("against answers as the live API spells them", () => {
  const row = { id: "p1", slug: "pp-greet", name: "greet", collection_id: "support-dev" };
  const flat = {
    ...row,
    string: "Hello {{who}}",
    parameters: { temperature: 0.2 },
    virtual_key: "openai-production-vk",
    functions: null,
    tools: null,
    template_metadata: { app: "support", env: "dev" },
  };
  const live = (more: Answers = {}): Answers => ({
    list_prompts: { data: [row], total: 1 },
    list_prompt_versions: {
      object: "list",
      data: [
        { id: "v1", prompt_version: "1" },
        { id: "v2", prompt_version: 2.0 },
      ],
    },
    get_prompt: { ...flat, string: "Older", prompt_version: 1 },
    get_prompt_version: ({ version_id }: { version_id?: unknown }) => ({
      ...flat,
      string: version_id === "v2" ? "Hello {{who}}" : "Older",
    }),
    ...more,
  });

  test.each<[string, Answers]>([
    ["versions in {data}, numbers as text", {}],
    [
      "versions as a bare array, newest last",
      {
        list_prompt_versions: [
          { id: "v1", prompt_version: 1 },
          { id: "v2", prompt_version: 2 },
        ],
      },
    ],
    ["parameters as JSON text", { get_prompt_version: { ...flat, parameters: '{"temperature":0.2}' } }],
    [
      "metadata under the name that writes use",
      { get_prompt_version: { ...flat, template_metadata: null, prompt_metadata: { app: "support", env: "dev" } } },
    ],
    ["a raw flag of 0", { get_prompt_version: { ...flat, is_raw_template: 0 } }],
  ])("%s: unchanged", async (_title, answers) => {
    const { context, calls } = fakeContext(live(answers));
    expect(await composite(desired, context)).toMatchObject({
      action: "unchanged",
      version: 2,
      published_version: 1,
      next: { tool: "publish_prompt" },
    });
    expect(calls.map(({ tool }) => tool)).not.toContain("update_prompt");
  });

  test("a list whose filter did not hold does not hand over another collection's prompt", async () => {
    const answers = live({
      list_prompts: { data: [{ ...row, collection_id: "elsewhere" }] },
      get_collection: { id: "c1", slug: "support-dev" },
      create_prompt: { id: "p2" },
    });
    const { context, calls } = fakeContext(answers);
    expect(await composite(desired, context)).toMatchObject({ action: "created", prompt_id: "p2" });
    expect(calls.map(({ tool }) => tool)).not.toContain("update_prompt");
  });

  test("an update keeps the raw flag and sends the whole content", async () => {
    const { context, calls } = fakeContext(
      live({
        get_prompt_version: { ...flat, is_raw_template: true, model: "gpt-4o", tool_choice: "auto" },
        update_prompt: {},
      }),
    );
    await composite({ ...desired, template: "New" }, context);
    expect(calls.find(({ tool }) => tool === "update_prompt")?.args).toEqual({
      prompt_id: "p1",
      string: "New",
      parameters: { temperature: 0.2 },
      model: "gpt-4o",
      virtual_key: "openai-production-vk",
      tool_choice: "auto",
      is_raw_template: 1,
      prompt_metadata: { app: "support", env: "dev" },
    });
  });
});

function creation(server: SandboxServer, name: string) {
  const payload = {
    name,
    collection_id: "support-dev",
    string: "x",
    parameters: {},
    virtual_key: "openai-production-vk",
  };
  return {
    method: "POST" as const,
    url: "/v1/prompts",
    headers: { "x-portkey-api-key": server.sandbox.keys.workspace, "content-type": "application/json" },
    payload,
  };
}
