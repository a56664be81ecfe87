import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { uuid } from "../../src/sandbox/state/ids.ts";
import type { Sandbox } from "../../src/sandbox/sandbox.ts";
import { makeSandbox, ok, send } from "./setup.ts";

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await makeSandbox();
});
beforeEach(() => sandbox.reset());

const content = {
  string: "Hello {{name}}",
  parameters: { temperature: 0 },
  model: "gpt-4o",
  virtual_key: "openai-production-vk",
  is_raw_template: 0,
};
/** Portkey adds the model to the parameters. */
const shown = { ...content, parameters: { temperature: 0, model: "gpt-4o" } };

async function made() {
  return ok(sandbox, "POST", "/prompts", { body: { name: "greeting", collection_id: "support-dev", ...content } });
}

describe("the life of a prompt", () => {
  it("begins with version 1, published", async () => {
    const { id, slug, version_id } = await made();
    expect(await ok(sandbox, "GET", `/prompts/${slug}`)).toMatchObject({
      ...shown,
      id,
      prompt_version: 1,
      prompt_version_id: version_id,
      prompt_version_status: "active",
    });
  });

  it("goes on with versions that wait to be published", async () => {
    const { id } = await made();
    const { prompt_version_id } = await ok(sandbox, "PUT", `/prompts/${id}`, {
      body: { ...content, string: "Hi {{name}}" },
    });
    expect((await ok(sandbox, "GET", `/prompts/${id}`)).string).toBe("Hello {{name}}");
    const { data: versions, total } = await ok(sandbox, "GET", `/prompts/${id}/versions`);
    expect(total).toBe(2);
    expect(
      versions.map((each: { prompt_version: number; status: string }) => [each.prompt_version, each.status]),
    ).toEqual([
      [2, "archived"],
      [1, "active"],
    ]);
    expect(versions[0].id).toBe(prompt_version_id);

    expect(await ok(sandbox, "PUT", `/prompts/${id}/makeDefault`, { body: { version: 2 } })).toEqual({});
    expect(await ok(sandbox, "GET", `/prompts/${id}`)).toMatchObject({ string: "Hi {{name}}", prompt_version: 2 });
  });

  it("keeps what a patch does not send, from the newest version", async () => {
    const { id } = await made();
    await ok(sandbox, "PUT", `/prompts/${id}`, { body: { patch: true, string: "Second" } });
    await ok(sandbox, "PUT", `/prompts/${id}`, { body: { patch: true, model: "gpt-4o-mini" } });
    const [third] = (await ok(sandbox, "GET", `/prompts/${id}/versions`)).data;
    expect(await ok(sandbox, "GET", `/prompts/${id}/versions/${third.id}`)).toMatchObject({
      string: "Second",
      model: "gpt-4o-mini",
      parameters: { temperature: 0, model: "gpt-4o-mini" },
      prompt_version: 3,
    });
  });

  it("wants the whole content of a new version without patch", async () => {
    const { id } = await made();
    const { status, body } = await send(sandbox, "PUT", `/prompts/${id}`, { body: { string: "Only this" } });
    expect(status).toBe(400);
    expect(body.data).toMatchObject({ errorCode: "AB01", message: expect.stringContaining("parameters") });
    expect((await ok(sandbox, "GET", `/prompts/${id}/versions`)).data).toHaveLength(1);
  });

  it("makes no version of a new name", async () => {
    const { id } = await made();
    await ok(sandbox, "PUT", `/prompts/${id}`, { body: { name: "renamed" } });
    expect((await ok(sandbox, "GET", `/prompts/${id}`)).name).toBe("renamed");
    expect((await ok(sandbox, "GET", `/prompts/${id}/versions`)).data).toHaveLength(1);
  });

  it("puts a label on a version, by which it can be rendered", async () => {
    const { id, version_id } = await made();
    const label = await ok(sandbox, "POST", "/labels", { body: { name: "blue" } });
    await ok(sandbox, "PUT", `/prompts/${id}/versions/${version_id}`, { body: { label_id: label.id } });
    expect((await ok(sandbox, "GET", `/prompts/${id}`)).prompt_version_label_id).toBe(label.id);
    await ok(sandbox, "PUT", `/prompts/${id}`, { body: { patch: true, string: "Newest" } });
    const rendered = async (at: string) =>
      (
        await ok(sandbox, "POST", `/prompts/${id}@${at}/render`, {
          key: sandbox.keys.workspace,
          body: { variables: { name: "Ada" } },
        })
      ).data.messages[0].content;
    expect([await rendered("blue"), await rendered("latest"), await rendered("1")]).toEqual([
      "Hello Ada",
      "Newest",
      "Hello Ada",
    ]);
  });

  it("ends with a 404", async () => {
    const { id } = await made();
    await ok(sandbox, "DELETE", `/prompts/${id}`);
    const answers = [
      await send(sandbox, "GET", `/prompts/${id}`),
      await send(sandbox, "GET", `/prompts/${id}/versions`),
    ];
    const gone = { status: 404, body: { success: false, data: { errorCode: "AB02" } } };
    expect(answers).toMatchObject([gone, gone]);
    expect((await ok(sandbox, "GET", "/prompts?search=greeting")).total).toBe(0);
  });

  it("does not publish a version that is not there", async () => {
    const { id } = await made();
    expect((await send(sandbox, "PUT", `/prompts/${id}/makeDefault`, { body: { version: 9 } })).status).toBe(404);
  });
});

describe("rendering", () => {
  const render = (slug: string, variables: unknown) =>
    ok(sandbox, "POST", `/prompts/${slug}/render`, { key: sandbox.keys.workspace, body: { variables } });

  it("fills in variables and partials of a list of messages", async () => {
    const { success, data } = await render("support-reply-production", {
      company: "Acme",
      question: "Why?",
      language: "German",
    });
    expect(success).toBe(true);
    expect(data).toEqual({
      model: "gpt-4o",
      temperature: 0.3,
      max_tokens: 600,
      messages: [
        {
          role: "system",
          content:
            "You help customers of Acme. Say what you do not know. Answer in plain words, in German. Keep it short.",
        },
        { role: "user", content: "Why?" },
      ],
    });
  });

  it("takes the partial's published version", async () => {
    await ok(sandbox, "PUT", "/prompts/partials/house-style/makeDefault", { body: { version: 1 } });
    const { data } = await render("support-reply-production", {
      company: "Acme",
      question: "Why?",
      language: "German",
    });
    expect(data.messages[0].content).toMatch(/Answer in plain words\. Keep it short\.$/);
  });

  it("is the gateway's: an admin key is refused", async () => {
    expect(
      await send(sandbox, "POST", "/prompts/support-reply-production/render", { body: { variables: {} } }),
    ).toMatchObject({ status: 403, body: { data: { errorCode: "AB03" } } });
  });
});

describe("partials and configs", () => {
  it("publishes a partial's version", async () => {
    const { id } = await ok(sandbox, "POST", "/prompts/partials", { body: { name: "tone", string: "Be kind." } });
    const { prompt_partial_version_id } = await ok(sandbox, "PUT", `/prompts/partials/${id}`, {
      body: { string: "Be brief." },
    });
    expect(await ok(sandbox, "GET", `/prompts/partials/${id}`)).toMatchObject({ string: "Be kind.", version: 1 });
    await ok(sandbox, "PUT", `/prompts/partials/${id}/makeDefault`, { body: { version: 2 } });
    expect(await ok(sandbox, "GET", `/prompts/partials/${id}`)).toMatchObject({
      string: "Be brief.",
      version: 2,
      prompt_partial_version_id,
    });
    expect(
      (await ok(sandbox, "GET", `/prompts/partials/${id}/versions`)).data.map(
        (each: { version: number }) => each.version,
      ),
    ).toEqual([2, 1]);
  });

  it("runs a changed config at once and tells its body as JSON text", async () => {
    const made = await ok(sandbox, "POST", "/configs", {
      body: { name: "Retry", config: { retry: { attempts: 2 } } },
    });
    const changed = await ok(sandbox, "PUT", `/configs/${made.id}`, { body: { config: { retry: { attempts: 4 } } } });
    expect(changed.version_id).not.toBe(made.version_id);
    const { config, slug, version_id } = await ok(sandbox, "GET", `/configs/${made.id}`);
    expect([JSON.parse(config), slug, version_id]).toEqual([{ retry: { attempts: 4 } }, made.slug, changed.version_id]);
    const { total, data: versions } = await ok(sandbox, "GET", `/configs/${made.id}/versions`);
    expect(total).toBe(2);
    expect(versions.map((each: { config: string }) => JSON.parse(each.config).retry.attempts)).toEqual([4, 2]);
  });
});

describe("a new version without patch", () => {
  const requiredFields = ["string", "parameters", "virtual_key", "is_raw_template"];
  it.each(
    requiredFields.flatMap(
      (name) =>
        [
          [name, undefined],
          [name, null],
        ] as const,
    ),
  )("wants its %s, and not %s", async (name, value) => {
    const { id } = await made();
    const body = { ...content, functions: [], [name]: value };
    const answer = await send(sandbox, "PUT", `/prompts/${id}`, { body });
    expect([answer.status, answer.body.data.message]).toEqual([400, expect.stringContaining(name)]);
    expect((await ok(sandbox, "GET", `/prompts/${id}/versions`)).total).toBe(1);
  });

  it("names its virtual key by slug, also where the id was sent", async () => {
    const { id } = await made();
    const virtual_key = uuid("/virtual-keys:anthropic-production-vk");
    await ok(sandbox, "PUT", `/prompts/${id}`, { body: { ...content, virtual_key } });
    expect((await ok(sandbox, "GET", `/prompts/${id}?version=latest`)).virtual_key).toBe("anthropic-production-vk");
  });
});
