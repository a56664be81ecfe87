import { describe, expect, test } from "vitest";
import type { Composite } from "../../src/composites/composite.ts";
import { composite as migrate } from "../../src/composites/tools/migrate-prompt.ts";
import { composite as promote } from "../../src/composites/tools/promote-prompt.ts";
import { composite as publishPartial } from "../../src/composites/tools/publish-partial.ts";
import { composite as publishPrompt } from "../../src/composites/tools/publish-prompt.ts";
import { composite as update } from "../../src/composites/tools/update-prompt.ts";
import { fakeContext, type Answers } from "./fake-context.ts";
import { KEY, LaggingPrompts, type LaggingOptions } from "./lagging-prompts.ts";

type Json = Readonly<Record<string, unknown>>;

const old = { string: "Old", parameters: {}, virtual_key: KEY.slug, template_metadata: { app: "support", env: "dev" } };
const strangers = { ...old, string: "Somebody else's" };
const desired = {
  name: "greet",
  collection_id: "support-dev",
  app: "support",
  env: "dev",
  template: "New",
  parameters: {},
  virtual_key: KEY.slug,
};
const source = {
  id: "s1",
  name: "greet-source",
  string: "New",
  virtual_key: KEY.slug,
  parameters: {},
  prompt_version: 7,
};
const promotion = {
  source_prompt_id: "s1",
  target_collection_id: "support-dev",
  target_env: "dev",
  target_name: "greet",
};
const longer = 1000;

/** The prompt that is copied stands beside the one that is written. */
function withSource(answers: Answers): Answers {
  const beside = (tool: string, own: unknown) => (args: Json) =>
    args["prompt_id"] === "s1" ? own : (answers[tool] as (args: Json) => unknown)(args);
  return {
    ...answers,
    get_prompt: beside("get_prompt", source),
    list_prompt_versions: beside("list_prompt_versions", [{ id: "s7", prompt_version: 7 }]),
  };
}

/** Every composite that writes a prompt's version, called so that "New" is what it writes. */
const WRITERS: readonly [string, Composite, Json][] = [
  ["migrate_prompt", migrate, { ...desired, publish: true }],
  ["promote_prompt", promote, { ...promotion, publish: true }],
];
const run = (composite: Composite, args: Json, upstream: LaggingPrompts) =>
  composite(args, fakeContext(withSource(upstream.answers)).context);

const CASES: readonly [string, LaggingOptions][] = [
  ["reads are right", {}],
  ["reads are behind", { behind: 4 }],
  ["somebody else saves a version too", { stranger: strangers }],
  ["somebody else saves a version too, and reads are behind", { stranger: strangers, behind: 3 }],
  ["the answer names no version", { silent: true }],
  ["the answer names no version, and somebody else saves one", { silent: true, stranger: strangers, behind: 2 }],
];

describe.each(WRITERS)("%s with publish", (tool, composite, args) => {
  test.each(CASES)("%s: exactly what was written goes live", async (_title, options) => {
    const upstream = new LaggingPrompts({ ...options, first: old });
    const answer = await run(composite, args, upstream);
    expect(upstream.textOf(upstream.live)).toBe("New");
    expect(answer).toMatchObject({ action: "updated", version: 2, published_version: 2, published: true });
  });

  test.each(CASES.filter(([, { silent, stranger }]) => !silent || !stranger))(
    "%s: a new prompt is live",
    async (_title, options) => {
      const upstream = new LaggingPrompts(options);
      const answer = await run(composite, args, upstream);
      expect(upstream.textOf(upstream.live)).toBe("New");
      expect(answer).toMatchObject({ action: "created", version: 1, published: true });
      expect(upstream.writes.map((write) => write.tool)).toEqual(["create_prompt"]);
    },
  );

  test("where the list never shows it, nothing is published and nothing is called published", async () => {
    const upstream = new LaggingPrompts({ first: old, behind: longer });
    const answer = await run(composite, args, upstream);
    expect(upstream.writes.map((write) => write.tool)).toEqual(["update_prompt"]);
    expect(answer).toMatchObject({
      action: "partial",
      done: [{ tool: "update_prompt", prompt_id: "p1", version_id: "v2" }],
      failed: { code: "PORTKEY", message: expect.stringMatching(/v2.*not known.*nothing was published/i) },
      next: expect.stringContaining(tool),
    });
  });

  test("where the list never shows it and nothing is to be published, no version is named", async () => {
    const upstream = new LaggingPrompts({ first: old, behind: longer });
    const answer = await run(composite, { ...args, publish: false }, upstream);
    expect(answer).toMatchObject({
      action: "updated",
      version_id: "v2",
      published: "not known",
      next: { tool: "list_prompt_versions" },
    });
    expect(answer).not.toHaveProperty("version");
  });

  test("the wait is bounded, and there is none where reads are right", async () => {
    const waits = async (behind: number) => {
      const fake = fakeContext(withSource(new LaggingPrompts({ first: old, behind }).answers));
      await composite(args, fake.context);
      return fake.waits;
    };
    expect(await waits(0)).toEqual([]);
    expect((await waits(longer)).reduce((sum, each) => sum + each)).toBeLessThan(4500);
  });

  test("a strict API takes the update", async () => {
    const upstream = new LaggingPrompts({ first: old });
    await run(composite, args, upstream);
    expect(upstream.writes[0]).toMatchObject({ tool: "update_prompt", args: { is_raw_template: 0 } });
  });
});

describe("what Portkey adds or rewrites is no difference", () => {
  const given: readonly (readonly [what: string, more: Json])[] = [
    ["nothing special", {}],
    ["the model, put into the parameters", { model: "gpt-4o" }],
    ["the model, and parameters beside it", { model: "gpt-4o", parameters: { temperature: 0.7 } }],
    ["the model, given in the parameters", { parameters: { model: "gpt-4o", temperature: 0.7 } }],
    ["the model, given in both", { model: "gpt-4o", parameters: { model: "gpt-4o" } }],
    ["a key's id, turned into its slug", { virtual_key: KEY.id }],
    ["a key's slug with its @", { virtual_key: `@${KEY.slug}` }],
    ["messages", { template: [{ role: "user", content: "{{x}}" }] }],
  ];

  describe.each([0, 3])("read %i versions behind", (behind) => {
    test.each(given)("%s: a second identical migrate_prompt writes nothing", async (_what, more) => {
      const upstream = new LaggingPrompts({ behind });
      const first = await run(migrate, { ...desired, ...more }, upstream);
      expect(first).toMatchObject({ action: "created" });
      upstream.writes.length = 0;
      expect(await run(migrate, { ...desired, ...more }, upstream)).toMatchObject({ action: "unchanged", changes: [] });
      expect(upstream.writes).toEqual([]);
    });
  });

  test.each<[string, Json]>([
    ["another model", { model: "gpt-4o-mini" }],
    ["another model in the parameters", { parameters: { model: "gpt-4o-mini" } }],
    ["another key", { model: "gpt-4o", virtual_key: "anthropic-dev" }],
    ["another parameter", { model: "gpt-4o", parameters: { temperature: 0 } }],
  ])("%s is one", async (_title, more) => {
    const upstream = new LaggingPrompts();
    await run(migrate, { ...desired, model: "gpt-4o" }, upstream);
    expect(await run(migrate, { ...desired, ...more }, upstream)).toMatchObject({ action: "updated" });
  });

  test("new parameters do not take away a model that Portkey keeps among them", async () => {
    const upstream = new LaggingPrompts({ first: { ...old, parameters: { model: "gpt-4o" } } });
    await run(migrate, { ...desired, parameters: { top_p: 1 } }, upstream);
    expect(upstream.writes[0]?.args).toMatchObject({ model: "gpt-4o", parameters: { top_p: 1 } });
  });

  test("a second identical promote_prompt writes nothing", async () => {
    const upstream = new LaggingPrompts({ behind: 2 });
    await run(promote, promotion, upstream);
    upstream.writes.length = 0;
    expect(await run(promote, promotion, upstream)).toMatchObject({ action: "unchanged" });
    expect(upstream.writes).toEqual([]);
  });
});

describe("a raw template survives a promotion", () => {
  const raw = { ...source, is_raw_template: true, string: '{"a": {{#b}}1{{/b}}}' };
  const promoteRaw = (upstream: LaggingPrompts) => {
    const answers = withSource(upstream.answers);
    const get = answers["get_prompt"] as (args: Json) => unknown;
    const own = (args: Json) => (args["prompt_id"] === "s1" ? raw : get(args));
    return promote(promotion, fakeContext({ ...answers, get_prompt: own }).context);
  };

  test("its first version is raw, and the only one", async () => {
    const upstream = new LaggingPrompts();
    expect(await promoteRaw(upstream)).toMatchObject({ action: "created", version: 1, published: true });
    expect(upstream.writes).toMatchObject([
      { tool: "create_prompt", args: { is_raw_template: 1, string: raw.string } },
    ]);
  });

  test("where creation forgets the flag, a second version has it", async () => {
    const upstream = new LaggingPrompts({ forgetsRaw: true });
    expect(await promoteRaw(upstream)).toMatchObject({ action: "created", version: 2, published: false });
    expect(upstream.writes.map(({ tool, args }) => [tool, args["is_raw_template"]])).toEqual([
      ["create_prompt", 1],
      ["update_prompt", 1],
    ]);
  });
});

describe("update_prompt", () => {
  const args = { prompt_id: "p1", patch: true, string: "New" };
  test.each<[string, LaggingOptions]>([
    ["reads are right", {}],
    ["reads are behind", { behind: 3 }],
    ["somebody else saves a version too", { stranger: strangers }],
    ["somebody else saves a version too, and reads are behind", { stranger: strangers, behind: 3 }],
  ])("%s: next names the version that was written", async (_title, options) => {
    const answer = await run(update, args, new LaggingPrompts({ ...options, first: old }));
    expect(answer).toMatchObject({ version: 2, next: { tool: "publish_prompt", arguments: { version: 2 } } });
  });

  test.each<[string, LaggingOptions]>([
    ["the list never shows it", { behind: longer }],
    ["the answer names none", { silent: true, stranger: strangers }],
  ])("%s: no version is named, nor offered for publishing", async (_title, options) => {
    const answer = await run(update, args, new LaggingPrompts({ ...options, first: old }));
    expect(answer).toMatchObject({
      action: "updated",
      note: expect.stringContaining("not known"),
      next: { tool: "list_prompt_versions" },
    });
    expect(answer).not.toHaveProperty("version");
    expect(answer).not.toHaveProperty("newest_version");
  });
});

describe.each<[string, Composite, Json, (upstream: LaggingPrompts) => Answers]>([
  ["publish_prompt", publishPrompt, { prompt_id: "p1" }, ({ answers }) => answers],
  ["publish_partial", publishPartial, { prompt_partial_id: "p1" }, ({ partialAnswers }) => partialAnswers],
])("%s", (_tool, composite, args, answersOf) => {
  const publish = (upstream: LaggingPrompts, version: unknown) =>
    composite({ ...args, version }, fakeContext(answersOf(upstream)).context);

  test("a version that seems to be live, and is not any more, goes live", async () => {
    const upstream = new LaggingPrompts({ first: old, behind: 5 });
    upstream.saveElsewhere(strangers);
    upstream.publishElsewhere(2);
    await publish(upstream, 1);
    expect(upstream.live).toBe(1);
  });

  test("latest is never an older version than the live one", async () => {
    const upstream = new LaggingPrompts({ first: old });
    upstream.saveElsewhere(strangers);
    upstream.publishElsewhere(2);
    const list = Object.keys(answersOf(upstream)).find((tool) => tool.endsWith("_versions")) as string;
    const stuck = { ...answersOf(upstream), [list]: [{ id: "v1", prompt_version: 1, version: 1 }] };
    await expect(composite({ ...args, version: "latest" }, fakeContext(stuck).context)).rejects.toThrow(
      /is behind: it does not show version 2.*nothing was published/,
    );
    expect(upstream.writes).toEqual([]);
    expect(await publish(upstream, "latest")).toMatchObject({ version: 2 });
  });
});
