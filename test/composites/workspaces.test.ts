import { describe, expect, test } from "vitest";
import { composite as exportWorkspace } from "../../src/composites/tools/export-workspace.ts";
import { PortkeyMcpError } from "../../src/errors/errors.ts";
import { fakeContext } from "./fake-context.ts";
import { startSandboxServer } from "./sandbox-server.ts";
import { server, useSandboxServer } from "./use-sandbox-server.ts";

type Json = Record<string, unknown>;
type Items = Json[];

useSandboxServer({ admin: true });

/** The ids of an export's objects, in its order. */
const idsIn = (body: Json): unknown[] =>
  Object.keys(body["counts"] as Json).flatMap((kind) => (body[kind] as Items).map(({ id }) => id));

const exported = async (args: Json = {}, server_ = server) =>
  (await server_.call("export_workspace", { workspace_id: "production", ...args })).body;

describe("export_workspace", () => {
  test("holds the whole of every kind, with progress, and writes nothing", async () => {
    const reports: string[] = [];
    const { body } = await server.call(
      "export_workspace",
      { workspace_id: "production" },
      { progress: (_done, _total, message = "") => reports.push(message) },
    );
    expect(body).toMatchObject({
      format: "portkey-admin-mcp/workspace",
      workspace: "production",
      complete: true,
      counts: {
        collections: 3,
        labels: 2,
        partials: 1,
        prompts: 3,
        guardrails: 2,
        configs: 2,
        usage_limits: 1,
        rate_limits: 1,
      },
    });
    expect((body["prompts"] as Items).find(({ name }) => name === "support-reply-production")).toMatchObject({
      string: expect.stringContaining("{{company}}"),
      parameters: { temperature: 0.3 },
      collection: "Support production",
    });
    expect((body["configs"] as Items).find(({ slug }) => slug === "pc-fallback")).toMatchObject({
      config: { strategy: { mode: "fallback" } },
    });
    expect((body["guardrails"] as Items)[0]).toMatchObject({ checks: expect.any(Array), actions: expect.any(Object) });
    expect(JSON.stringify(body)).not.toContain("last_updated_at");
    expect(reports.at(-1)).toMatch(/production: \d+ of \d+/);
    expect(server.writes()).toEqual([]);
  });

  test("marks what is the organisation's", async () => {
    const body = await exported();
    const owners = (kind: string) =>
      Object.fromEntries((body[kind] as Items).map(({ name, belongs_to }) => [String(name), belongs_to]));
    expect(owners("guardrails")).toEqual({ "No personal data": undefined, "Short answers": "organisation" });
    expect(owners("labels")).toEqual({ candidate: undefined, stable: "organisation" });
    expect(owners("prompts")["summarise-ticket"]).toBeUndefined();
  });

  test("is the same twice, but for its time", async () => {
    const [first, second] = [await exported(), await exported()];
    expect({ ...second, exported_at: "" }).toEqual({ ...first, exported_at: "" });
  });

  test("has secrets masked", async () => {
    await server.call("create_config", {
      name: "Own key",
      workspace_id: "production",
      config: { provider: "openai", api_key: "sk-very-secret-12345678" },
    });
    const text = JSON.stringify(await exported({ kinds: ["configs"] }));
    expect(text).toContain('"api_key":"****5678"');
    expect(text).not.toContain("very-secret");
  });

  test("of some kinds reads only those", async () => {
    const body = await exported({ kinds: ["configs"] });
    expect(Object.keys(body["counts"] as Json)).toEqual(["configs"]);
    expect(server.sent.every(({ path }) => path.startsWith("/configs"))).toBe(true);
  });

  test("a kind that is none is refused with those there are", async () => {
    const { isError, text } = await server.call("export_workspace", { workspace_id: "production", kinds: ["prompt"] });
    expect(isError).toBe(true);
    expect(text).toMatch(/kinds\[0\] must be one of .*the closest to "prompt" is prompts/);
  });

  test("too large for one answer comes in parts that make the whole", async () => {
    const small = await startSandboxServer({ admin: true, settings: { PORTKEY_MAX_RESULT_BYTES: "3000" } });
    const parts: { readonly text: string; readonly body: Json }[] = [];
    let args: Json | undefined = { workspace_id: "production" };
    while (args !== undefined && parts.length < 20) {
      const part = await small.call("export_workspace", args);
      parts.push(part);
      args = (part.body["next"] as { arguments: Json } | undefined)?.arguments;
    }
    expect(args).toBeUndefined();
    expect(parts.filter(({ text }) => Buffer.byteLength(text) >= 3000)).toEqual([]);
    expect(parts.map(({ body }) => body["complete"])).toEqual(parts.map(() => false));
    expect(parts.flatMap(({ body }) => idsIn(body))).toEqual(idsIn(await exported()));
    const unfinished = parts.slice(0, -1);
    const leftAfter = unfinished.map(({ body }, at) => {
      const shown = parts.slice(0, at + 1).flatMap((part) => idsIn(part.body));
      return Number(body["total"]) - shown.length;
    });
    expect(unfinished.map(({ body }) => body["left_out"])).toEqual(leftAfter);
    await small.close();
  });

  test("each request failing once: the rest is there, and what is not is named", async () => {
    const steps = (await exported(), server.sent.length);
    const bodies: Json[] = [];
    for (let step = 1; step <= steps; step++) {
      server.failAt(step);
      bodies.push(await exported());
    }
    const unread = [{ kind: expect.any(String), error: expect.stringContaining("injected") }];
    expect(bodies).toMatchObject(bodies.map(() => ({ complete: false, unread })));
    expect(bodies.length).toBeGreaterThan(0);
  });

  test("where nothing can be read it is an error", async () => {
    const refuse = () => {
      throw new PortkeyMcpError("PORTKEY", "403: no");
    };
    const lists = ["list_collections", "list_prompts", "list_configs"];
    const { context } = fakeContext(Object.fromEntries(lists.map((tool) => [tool, refuse])));
    await expect(
      exportWorkspace({ workspace_id: "w", kinds: ["collections", "prompts", "configs"] }, context),
    ).rejects.toThrow("Nothing of workspace w could be read. 403: no");
  });
});

describe("diff_workspaces", () => {
  test("marks what is the organisation's", async () => {
    const { body: whole } = await server.call("export_workspace", { workspace_id: "production" });
    const source_export = { ...whole, guardrails: [] };
    const { body } = await server.call("diff_workspaces", { source_export, target: "production" });
    expect(body["differences"]).toEqual([
      { kind: "guardrails", name: "No personal data", only_in: "target" },
      { kind: "guardrails", name: "Short answers", belongs_to: "organisation", only_in: "target" },
    ]);
  });

  const diff = async (args: Json) => (await server.call("diff_workspaces", { target: "dev", ...args })).body;
  const prompt = (workspace: string, collection: string, name: string, more: Json = {}) =>
    server.call("create_prompt", {
      workspace_id: workspace,
      name,
      collection_id: collection,
      string: "Hi",
      parameters: { temperature: 0.2 },
      virtual_key: "openai-dev-vk",
      ...more,
    });

  test.each<[what: string, source: (document: Json) => Json]>([
    ["itself", () => ({ source: "production" })],
    ["its export", (document) => ({ source_export: document })],
  ])("a workspace is the same as %s", async (_what, source) => {
    const document = await exported();
    expect(await diff({ ...source(document), target: "production" })).toMatchObject({
      different: 0,
      differences: [],
      same: document["total"],
    });
  });

  test("differences are told by thing and field, across names that end in their environment", async () => {
    await prompt("production", "support-production", "greet-production");
    await prompt("dev", "experiments", "greet-dev", { parameters: { temperature: 0.9, top_p: 1 } });
    const { differences } = await diff({ source: "production", kinds: ["prompts"] });
    expect(differences).toEqual(
      expect.arrayContaining([
        {
          kind: "prompts",
          name: "greet-production",
          target_name: "greet-dev",
          changes: [
            { field: "parameters.temperature", source: 0.2, target: 0.9 },
            { field: "parameters.top_p", target: 1 },
          ],
        },
        { kind: "prompts", name: "summarise-ticket", only_in: "source" },
        { kind: "prompts", name: "name-ideas", only_in: "target" },
      ]),
    );
  });

  test("what changed since an export shows", async () => {
    const document = await exported();
    await server.call("update_config", {
      slug: "pc-cache",
      config: { cache: { mode: "simple", max_age: 60 }, provider: "@openai-production" },
    });
    expect(await diff({ source_export: document, target: "production" })).toMatchObject({
      different: 1,
      differences: [
        {
          kind: "configs",
          name: "Cache for an hour",
          changes: [{ field: "config.cache.max_age", source: 3600, target: 60 }],
        },
      ],
    });
  });

  test("an incomplete export says so", async () => {
    const document = { ...(await exported()), complete: false };
    expect(await diff({ source_export: document, target: "production" })).toMatchObject({
      unread: [{ side: "source", error: expect.stringContaining("not complete") }],
    });
  });

  test.each([
    [{}, "pass either source or source_export"],
    [{ source: "production", source_export: {} }, "pass either source or source_export"],
    [{ source_export: { prompts: [] } }, "must be a document of export_workspace"],
  ])("%j is refused", async (args, message) => {
    const { isError, text } = await server.call("diff_workspaces", { target: "dev", ...args });
    expect(isError).toBe(true);
    expect(text).toContain(message);
    expect(server.sent).toEqual([]);
  });

  test("more differences than fit are counted", async () => {
    const small = await startSandboxServer({ admin: true, settings: { PORTKEY_MAX_RESULT_BYTES: "2600" } });
    for (let n = 0; n < 30; n++) await small.call("create_prompt_label", { name: `label ${n}`, workspace_id: "dev" });
    const { body } = await small.call("diff_workspaces", { source: "production", target: "dev" });
    expect((body["differences"] as Items).length + Number(body["left_out"])).toBe(body["different"]);
    expect(body["left_out"]).toBeGreaterThan(0);
    await small.close();
  });
});
