import { describe, expect, test } from "vitest";
import { composite as publishPartial } from "../../src/composites/tools/publish-partial.ts";
import { composite as publishPrompt } from "../../src/composites/tools/publish-prompt.ts";
import { PortkeyMcpError } from "../../src/errors/errors.ts";
import { fakeContext } from "./fake-context.ts";
import { server, useSandboxServer } from "./use-sandbox-server.ts";

const versions = [
  { id: "c", prompt_version: 3 },
  { id: "b", prompt_version: 2 },
  { id: "a", prompt_version: 1 },
];
const answers = { list_prompt_versions: versions, get_prompt: { id: "p1", prompt_version: 1 }, publish_prompt: {} };
const sentTo = (calls: readonly { tool: string; args: unknown }[], tool: string) =>
  calls.filter((call) => call.tool === tool).map(({ args }) => args);

describe("publish_prompt", () => {
  test.each([
    ["latest", 3],
    [2, 2],
    ["2", 2],
  ])("%j publishes version %i and says how to go back", async (version, want) => {
    const { context, calls } = fakeContext(answers);
    expect(await publishPrompt({ prompt_id: "p1", version }, context)).toEqual({
      action: "published",
      prompt_id: "p1",
      version: want,
      published_version: want,
      previously_published: 1,
      roll_back: { tool: "publish_prompt", arguments: { prompt_id: "p1", version: 1 } },
    });
    expect(sentTo(calls, "publish_prompt")).toEqual([{ prompt_id: "p1", version: want }]);
  });

  test("what seems to be live already is published all the same, because the read may be behind", async () => {
    const { context, calls } = fakeContext(answers);
    expect(await publishPrompt({ prompt_id: "p1", version: 1 }, context)).toEqual({
      action: "unchanged",
      prompt_id: "p1",
      version: 1,
      published_version: 1,
    });
    expect(sentTo(calls, "publish_prompt")).toEqual([{ prompt_id: "p1", version: 1 }]);
  });

  test("another word is refused with the numbers there are", async () => {
    const { context, calls } = fakeContext(answers);
    await expect(publishPrompt({ prompt_id: "p1", version: "newest" }, context)).rejects.toThrow(
      /no version "newest"; it has 3, 2, 1/,
    );
    expect(sentTo(calls, "publish_prompt")).toEqual([]);
  });

  test("a key that may publish and not read publishes a number", async () => {
    const refuse = () => {
      throw new PortkeyMcpError("PORTKEY", "403");
    };
    const { context } = fakeContext({ ...answers, get_prompt: refuse, list_prompt_versions: refuse });
    expect(await publishPrompt({ prompt_id: "p1", version: 2 }, context)).toEqual({
      action: "published",
      prompt_id: "p1",
      version: 2,
      published_version: 2,
    });
  });

  test("a dry run sends nothing but reads", async () => {
    const { context, calls } = fakeContext(answers, { dryRun: true });
    expect(await publishPrompt({ prompt_id: "p1", version: "latest" }, context)).toMatchObject({
      dry_run: true,
      version: 3,
      published_version: 1,
      would_send: [{ body: { prompt_id: "p1", version: 3 } }],
    });
    expect(sentTo(calls, "publish_prompt")).toEqual([]);
  });
});

test("publish_partial knows the other spelling of the same things", async () => {
  const { context, calls } = fakeContext({
    list_partial_versions: { data: [{ version: "1" }, { version: "2" }] },
    get_prompt_partial: { version: 1 },
    publish_partial: "",
  });
  expect(await publishPartial({ prompt_partial_id: "x", version: "latest" }, context)).toMatchObject({
    action: "published",
    prompt_partial_id: "x",
    version: 2,
    previously_published: 1,
  });
  expect(sentTo(calls, "publish_partial")).toEqual([{ prompt_partial_id: "x", version: 2 }]);
});

describe("in the sandbox", () => {
  useSandboxServer();

  test("publishing changes what get_prompt answers", async () => {
    const before = (await server.call("get_prompt", { prompt_id: "support-reply-dev" })).body;
    expect(before).toMatchObject({
      published_version: 1,
      newest_version: 2,
      newest: { string: expect.stringContaining("Question:") },
      versions: [{ version: 2 }, { version: 1 }],
    });
    await server.call("publish_prompt", { prompt_id: "support-reply-dev", version: 2 });
    const after = (await server.call("get_prompt", { prompt_id: "support-reply-dev" })).body;
    expect(after).toMatchObject({
      published_version: 2,
      newest_version: 2,
      string: expect.stringContaining("Question:"),
    });
    expect(after).not.toHaveProperty("newest");
  });

  test.each(["latest", "2", 2])(
    "%j is taken as it stands in the schema, and Portkey gets a number",
    async (version) => {
      expect((await server.call("publish_prompt", { prompt_id: "support-reply-dev", version })).body).toMatchObject({
        action: "published",
        version: 2,
      });
      expect(server.writes()[0]?.body).toEqual({ version: 2 });
    },
  );

  test.each([true, null, {}])("the version %j is refused before anything is sent", async (version) => {
    expect(await server.call("publish_prompt", { prompt_id: "support-reply-dev", version })).toMatchObject({
      isError: true,
      text: expect.stringContaining("version must"),
    });
    expect(server.sent).toEqual([]);
  });

  test("a partial is published and rolled back", async () => {
    expect((await server.call("publish_partial", { prompt_partial_id: "house-style", version: 1 })).body).toMatchObject(
      { action: "published", previously_published: 2 },
    );
    expect((await server.call("publish_partial", { prompt_partial_id: "house-style", version: 2 })).body).toMatchObject(
      { action: "published", previously_published: 1 },
    );
  });

  test("a prompt whose versions cannot be read is still shown", async () => {
    server.failAt(2);
    const { body, isError } = await server.call("get_prompt", { prompt_id: "support-reply-dev" });
    expect(isError).toBe(false);
    expect(body).toMatchObject({
      name: "support-reply-dev",
      published_version: 1,
      versions_unread: expect.stringContaining("injected"),
    });
  });

  test("update_prompt says which version it made; without being able to, that it saved", async () => {
    const update = () =>
      server.call("update_prompt", { prompt_id: "support-reply-dev", patch: true, string: "Short: {{question}}" });
    expect((await update()).body).toMatchObject({
      newest_version: 3,
      published_version: 1,
      next: { tool: "publish_prompt", arguments: { version: 3 } },
    });
    server.failAt(2);
    const { body, isError } = await update();
    expect(isError).toBe(false);
    expect(body).toMatchObject({ action: "updated", note: expect.stringContaining("Saved.") });
  });

  test("update_prompt sends exactly what was given, dry or not", async () => {
    const args = {
      prompt_id: "support-reply-dev",
      patch: true,
      parameters: { temperature: 0 },
      prompt_metadata: { a: null },
    };
    const dry = await server.call("update_prompt", { ...args, dry_run: true });
    expect(server.writes()).toEqual([]);
    await server.call("update_prompt", args);
    expect(server.writes()[0]?.body).toEqual({
      patch: true,
      parameters: { temperature: 0 },
      prompt_metadata: { a: null },
    });
    expect((dry.body["would_send"] as { body: unknown }[])[0]?.body).toEqual(server.writes()[0]?.body);
  });
});
