/**
 * The daily work with prompts from end to end: create in dev, migrate, promote to production, and what the gateway then
 * renders.
 */
import { describe, expect, test } from "vitest";
import { failEachStep } from "./fail-each-step.ts";
import { server, useSandboxServer } from "./use-sandbox-server.ts";

useSandboxServer();

const created = {
  name: "greet-dev",
  collection_id: "support-dev",
  string: "Hello {{who}}",
  parameters: { temperature: 0.2 },
  virtual_key: "openai-production-vk",
  model: "gpt-4o-mini",
};
const desired = {
  name: "greet-dev",
  collection_id: "support-dev",
  app: "support",
  env: "dev",
  template: [{ role: "user", content: "Good day {{who}}" }],
  parameters: { temperature: 0.2 },
  virtual_key: "openai-production-vk",
  model: "gpt-4o-mini",
};
const create = async () => String((await server.call("create_prompt", created)).body["id"]);
const migrate = (more = {}) => server.call("migrate_prompt", { ...desired, ...more });
const promote = (id: string, more = {}) =>
  server.call("promote_prompt", {
    source_prompt_id: id,
    target_collection_id: "support-production",
    target_env: "production",
    publish: true,
    ...more,
  });
const rendered = async (id: unknown) => {
  const { body } = await server.call("render_prompt", { prompt_id: id, variables: { who: "Ada" } });
  return (body["data"] as { messages: { content: string }[] }).messages[0]?.content;
};
const versionsOf = async (id: unknown) =>
  ((await server.call("get_prompt", { prompt_id: id })).body["versions"] as unknown[]).length;

test("create, migrate, migrate again, promote with publish, render the new text", async () => {
  const id = await create();
  expect(await rendered(id)).toBe("Hello Ada");

  const first = await migrate();
  expect(first.body).toMatchObject({
    action: "updated",
    prompt_id: id,
    version: 2,
    published_version: 1,
    published: false,
    changes: [
      { field: "string" },
      { field: "template_metadata.app", after: "support" },
      { field: "template_metadata.env", after: "dev" },
    ],
    next: { tool: "publish_prompt", arguments: { prompt_id: id, version: 2 } },
  });
  expect(first.structured).toEqual(first.body);
  expect(await rendered(id)).toBe("Hello Ada");

  server.forget();
  expect((await migrate()).body).toMatchObject({ action: "unchanged", version: 2, changes: [] });
  expect(server.writes()).toEqual([]);

  const promoted = await promote(id);
  expect(promoted.body).toMatchObject({
    action: "created",
    name: "greet-production",
    source: { prompt_id: id, name: "greet-dev", version: 2 },
    version: 1,
    published: true,
  });
  expect(await rendered(promoted.body["prompt_id"])).toBe("Good day Ada");

  server.forget();
  expect((await promote(id)).body).toMatchObject({ action: "unchanged", prompt_id: promoted.body["prompt_id"] });
  expect(server.writes()).toEqual([]);
});

test("a second round updates production and publishes it", async () => {
  const id = await create();
  const production = (await promote(id)).body["prompt_id"];
  expect(await rendered(production)).toBe("Hello Ada");
  await migrate();
  expect((await promote(id)).body).toMatchObject({
    action: "updated",
    prompt_id: production,
    version: 2,
    published_version: 2,
    previously_published: 1,
    published: true,
  });
  expect(await rendered(production)).toBe("Good day Ada");
});

describe("a dry run shows exactly the writes that follow, and sends none", () => {
  const steps: [string, () => Promise<(more: object) => Promise<{ body: Record<string, unknown> }>>][] = [
    ["migrate: create", async () => (more) => migrate(more)],
    ["migrate: update", async () => (await create(), (more) => migrate(more))],
    ["migrate: update and publish", async () => (await create(), (more) => migrate({ publish: true, ...more }))],
    [
      "promote: create",
      async () => {
        const id = await create();
        return (more) => promote(id, more);
      },
    ],
    [
      "promote: update and publish",
      async () => {
        const id = await create();
        await promote(id);
        await migrate();
        return (more) => promote(id, more);
      },
    ],
  ];
  test.each(steps)("%s", async (_title, arrange) => {
    const call = await arrange();
    server.forget();
    const dry = await call({ dry_run: true });
    expect(dry.body).toMatchObject({ dry_run: true });
    expect(server.writes()).toEqual([]);
    const planned = dry.body["would_send"] as { method: string; url: string; body: Record<string, unknown> }[];
    await call({});
    const done = server.writes();
    expect(planned.map(({ method, url }) => `${method} ${new URL(url).pathname.replace("/v1", "")}`)).toEqual(
      done.map(({ method, path }) => `${method} ${path}`),
    );
    expect(planned.map(({ body }) => withoutTime(body))).toEqual(done.map(({ body }) => withoutTime(body)));
  });

  test.each([
    ["migrate", () => migrate({ dry_run: true })],
    ["promote", (id: string) => promote(id, { dry_run: true })],
  ])("of nothing to do plans nothing: %s", async (_tool, dryRun) => {
    const id = await create();
    await migrate();
    await promote(id);
    server.forget();
    const { body } = await dryRun(id);
    expect(body).toMatchObject({ action: "unchanged" });
    expect(body).not.toHaveProperty("would_send");
    expect(server.writes()).toEqual([]);
  });
});

describe.each([
  ["refused", false],
  ["carried out, its answer lost", true],
])("each step %s once", (_title, processed) => {
  test("migrate: create and publish", async () => {
    const steps = await failEachStep(
      { server, act: () => migrate({ publish: true }), settled: atVersion(1) },
      processed,
    );
    expect(steps).toBeGreaterThanOrEqual(4);
  });

  test("migrate: update and publish", async () => {
    const steps = await failEachStep(
      { server, arrange: create, act: () => migrate({ publish: true }), settled: atVersion(2) },
      processed,
    );
    expect(steps).toBeGreaterThanOrEqual(8);
  });

  test("promote: update and publish", async () => {
    let id = "";
    const arrange = async () => {
      id = await create();
      await promote(id);
      await migrate();
    };
    const steps = await failEachStep({ server, arrange, act: () => promote(id), settled: atVersion(2) }, processed);
    expect(steps).toBeGreaterThanOrEqual(10);
  });

  const atVersion = (version: number) => async (answer: { body: Record<string, unknown> }) => {
    expect(answer.body).toMatchObject({ version, published: true });
    expect(await versionsOf(answer.body["prompt_id"])).toBe(version);
    expect(await rendered(answer.body["prompt_id"])).toBe("Good day Ada");
    const { body } = await server.call("list_prompts", { search: String(answer.body["name"]) });
    expect((body["data"] as unknown[]).length).toBe(1);
  };
});

function withoutTime(body: Record<string, unknown> | unknown): unknown {
  return JSON.parse(JSON.stringify(body).replace(/"promoted_at":"[^"]*"/g, '"promoted_at":"then"'));
}
