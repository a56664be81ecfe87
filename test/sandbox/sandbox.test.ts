import { afterEach, describe, expect, it } from "vitest";
import { Recorder } from "../../src/sandbox/http/recorder.ts";
import { createSandbox, type Sandbox } from "../../src/sandbox/sandbox.ts";
import { startSandbox } from "../../src/sandbox/start.ts";
import { facts, makeSandbox, ok, send } from "./setup.ts";

const open: Sandbox[] = [];
afterEach(async () => {
  for (const sandbox of open.splice(0)) await sandbox.close();
});

async function listening(): Promise<{ sandbox: Sandbox; url: string }> {
  const sandbox = await makeSandbox();
  open.push(sandbox);
  return { sandbox, url: (await sandbox.listen()).url };
}

describe("over HTTP", () => {
  it("serves each base where it says", async () => {
    const sandbox = await makeSandbox();
    open.push(sandbox);
    const { url, bases } = await sandbox.listen();
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    const headers = { "x-portkey-api-key": sandbox.keys.admin };
    const paths = [
      `${bases.control}/prompts`,
      `${bases.public}/model-configs/pricing/openai/gpt-4o`,
      `${bases.registry}/v0.1/servers`,
    ];
    const statuses = await Promise.all(paths.map(async (path) => [path, (await fetch(path, { headers })).status]));
    expect(statuses).toEqual(paths.map((path) => [path, 200]));
    const render = await fetch(`${bases.gateway}/prompts/name-ideas/render`, {
      method: "POST",
      headers,
      body: '{"variables":{}}',
    });
    expect(render.status).toBe(403);
  });

  it("gives every answer a request id, the same ones after a reset", async () => {
    const { sandbox, url } = await listening();
    const id = async (path: string) => (await fetch(url + path)).headers.get("x-portkey-request-id");
    const first = [await id("/v1/prompts"), await id("/nowhere")];
    expect(first[0]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(first[1]).not.toBe(first[0]);
    sandbox.reset();
    expect([await id("/v1/prompts"), await id("/nowhere")]).toEqual(first);
  });

  it("takes ids with slashes, spaces and percent signs", async () => {
    const { sandbox, url } = await listening();
    const headers = { "x-portkey-api-key": sandbox.keys.admin };
    await fetch(`${url}/v1/integrations`, {
      method: "POST",
      headers,
      body: JSON.stringify({ name: "x", ai_provider_id: "openai", slug: "a/b c%" }),
    });
    expect(
      await (await fetch(`${url}/v1/integrations/${encodeURIComponent("a/b c%")}`, { headers })).json(),
    ).toMatchObject({ slug: "a/b c%" });
  });
});

describe("bad requests", () => {
  it.each([
    ["an unknown path", "GET", "/v1/nothing", undefined, 404, "AB08"],
    ["a method that a path has not", "DELETE", "/v1/prompts", undefined, 404, "AB08"],
    ["a path outside the bases", "GET", "/prompts", undefined, 404, "AB08"],
    ["a body that is not JSON", "POST", "/v1/labels", "{name", 400, "AB01"],
    ["a body that is no object", "POST", "/v1/labels", "7", 400, "AB01"],
    ["no body", "POST", "/v1/labels", undefined, 400, "AB01"],
    ["a missing field", "POST", "/v1/prompts", '{"name":"x"}', 400, "AB01"],
    ["an unknown id", "GET", "/v1/configs/none", undefined, 404, "AB02"],
    ["a path that cannot be decoded", "GET", "/v1/configs/%%%", undefined, 400, "AB01"],
    ["an unknown reference", "POST", "/v1/mcp-servers", '{"name":"x","mcp_integration_id":"none"}', 404, "AB02"],
    ["an unknown workspace", "POST", "/v1/configs", '{"name":"x","workspace_id":"none"}', 403, "AB03"],
    [
      "a slug that is taken",
      "POST",
      "/v1/integrations",
      '{"name":"x","ai_provider_id":"openai","slug":"openai-main"}',
      409,
      "AB07",
    ],
    ["an unknown control", "POST", "/__sandbox/nothing", undefined, 404, "AB08"],
  ] as const)("%s", async (_what, method, url, payload, status, errorCode) => {
    const sandbox = await makeSandbox();
    const response = await sandbox.inject({
      method,
      url,
      headers: { "x-portkey-api-key": sandbox.keys.admin, "content-type": "application/json" },
      ...(payload !== undefined && { payload }),
    });
    expect([response.statusCode, response.json()]).toEqual([
      status,
      { success: false, data: { message: expect.any(String), errorCode } },
    ]);
  });

  it("refuses more than it can hold", async () => {
    const sandbox = await makeSandbox();
    expect(await send(sandbox, "POST", "/configs", { body: { note: "x".repeat(21_000_000) } })).toMatchObject({
      status: 413,
      body: { success: false },
    });
  });
});

describe("recorded requests", () => {
  it("are told as they were sent, without keys", async () => {
    const sandbox = await makeSandbox();
    await send(sandbox, "POST", "/labels?x=1", {
      body: { name: "a", description: null },
      headers: { authorization: "Bearer b" },
    });
    expect(sandbox.requests).toMatchObject([
      { method: "POST", path: "/v1/labels", query: { x: "1" }, body: { name: "a", description: null } },
    ]);
    expect(JSON.stringify(sandbox.requests)).not.toMatch(/pk-sandbox|Bearer/);
    expect((await send(sandbox, "GET", "/__sandbox/requests")).body.data).toHaveLength(1);
  });

  it("are forgotten one by one after a thousand, and all at a reset", () => {
    const recorder = new Recorder();
    for (let n = 0; n < 1001; n += 1)
      recorder.add({ method: "GET", path: `/${n}`, query: {}, headers: {}, body: undefined });
    expect([recorder.requests.length, recorder.requests[0]?.path]).toEqual([1000, "/1"]);
    recorder.clear();
    expect(recorder.requests).toEqual([]);
  });
});

describe("seeds", () => {
  it("replace the built-in state kind by kind", async () => {
    const sandbox = await makeSandbox({
      seed: {
        resources: {
          "/prompts": [
            {
              slug: "mine",
              name: "mine",
              collection_id: "support-dev",
              string: "One",
              versions: [{ string: "Two" }],
              published: 2,
              days_ago: 3,
            },
          ],
          "/configs": [],
        },
        traffic: { days: 0, profiles: [] },
      },
    });
    expect((await ok(sandbox, "GET", "/prompts")).data.map((each: { slug: string }) => each.slug)).toEqual(["mine"]);
    expect(await ok(sandbox, "GET", "/prompts/mine")).toMatchObject({
      string: "Two",
      prompt_version: 2,
      created_at: "2026-11-19T00:00:00.000Z",
    });
    expect((await ok(sandbox, "GET", "/configs")).data).toEqual([]);
    expect((await ok(sandbox, "GET", "/labels")).total).toBe(2);
  });

  it("choose the workspace key's workspace", async () => {
    const sandbox = await makeSandbox({ seed: { workspace: "dev" } });
    expect((await ok(sandbox, "GET", "/admin/workspaces", { key: sandbox.keys.workspace })).data[0].slug).toBe("dev");
  });

  it.each([
    [
      "a collection that is none",
      { resources: { "/promts": [] } },
      "no collection of the API; the closest is /prompts",
    ],
    [
      "a collection that is none, and like none",
      { resources: { "/nonsense": [] } },
      'names "/nonsense", which is no collection of the API: /',
    ],
    ["a workspace that is none", { workspace: "moon" }, '"moon"'],
    [
      "a reference to nothing",
      { resources: { "/mcp-servers": [{ name: "x", mcp_integration_id: "none" }] } },
      "mcp_integration_id",
    ],
  ])("with %s do not start", async (_what, seed, message) => {
    await expect(makeSandbox({ seed })).rejects.toThrow(message);
  });

  it("come back with a reset, id for id", async () => {
    const sandbox = await makeSandbox();
    const before = await ok(sandbox, "GET", "/prompts");
    const made = await ok(sandbox, "POST", "/labels", { body: { name: "a" } });
    await ok(sandbox, "DELETE", "/prompts/name-ideas");
    await send(sandbox, "POST", "/__sandbox/reset");
    expect(await ok(sandbox, "GET", "/prompts")).toEqual(before);
    expect((await ok(sandbox, "POST", "/labels", { body: { name: "a" } })).id).toBe(made.id);
  });
});

it.each([
  ["POST", "/labels", { name: "a", constructor: "b", toString: 1, ["__proto__"]: { polluted: true } }],
  ["GET", "/analytics/groups/constructor", undefined],
  [
    "GET",
    "/analytics/groups/metadata/constructor?workspace_slug=production&time_of_generation_min=2026-11-01&time_of_generation_max=2026-11-30",
    undefined,
  ],
  ["POST", "/logs/exports", { filters: { constructor: 1, __proto___min: 2 }, requested_data: ["constructor"] }],
] as const)("is not confused by names that every object has: %s %s", async (method, path, body) => {
  const sandbox = await makeSandbox();
  expect((await send(sandbox, method, path, { body })).status).toBeLessThan(500);
  expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
});

it("serves operations it has never heard of", async () => {
  const object = (properties: object, required: string[] = []) => ({ type: "object", properties, required });
  const answers = (schema: object) => ({
    responses: { "200": { description: "", content: { "application/json": { schema } } } },
  });
  const takes = (schema: object) => ({ requestBody: { required: true, content: { "application/json": { schema } } } });
  const widget = object(
    {
      id: { type: "string", format: "uuid" },
      name: { type: "string" },
      size: { type: "integer" },
      colour: { type: "string", enum: ["red", "blue"] },
    },
    ["id", "name", "size"],
  );
  const id = { parameters: [{ name: "widgetId", in: "path", required: true, schema: { type: "string" } }] };
  const sandbox = await createSandbox({
    facts: {
      ...facts,
      paths: {
        ...(facts["paths"] as object),
        "/widgets": {
          get: answers(object({ total: { type: "integer" }, widgets: { type: "array", items: widget } })),
          post: { ...takes(object({ name: { type: "string" } }, ["name"])), ...answers(widget) },
        },
        "/widgets/{widgetId}": {
          ...id,
          get: answers(widget),
          put: { ...takes(object({ name: { type: "string" } })), ...answers(object({})) },
          delete: answers(object({})),
        },
        "/widgets/{widgetId}/polish": { ...id, post: answers(object({ message: { type: "string" } }, ["message"])) },
        "/widgets/{widgetId}/parts": {
          ...id,
          get: answers(object({ data: { type: "array", items: widget } })),
          post: { ...takes(object({ name: { type: "string" } })), ...answers(widget) },
        },
        "/widgets/{widgetId}/settings": {
          ...id,
          get: answers(object({})),
          put: { ...takes(object({ dark: { type: "boolean" } })), ...answers(object({})) },
        },
      },
    },
  });
  const made = await ok(sandbox, "POST", "/widgets", { body: { name: "one" } });
  expect(made).toMatchObject({ name: "one", size: 0, colour: "red" });
  await ok(sandbox, "PUT", `/widgets/${made.id}`, { body: { name: "two" } });
  expect(await ok(sandbox, "GET", "/widgets")).toMatchObject({ total: 1, widgets: [{ id: made.id, name: "two" }] });
  expect(await ok(sandbox, "POST", `/widgets/${made.id}/polish`)).toEqual({ message: "Done" });
  await ok(sandbox, "POST", `/widgets/${made.id}/parts`, { body: { name: "part" } });
  expect((await ok(sandbox, "GET", `/widgets/${made.id}/parts`)).data).toMatchObject([{ name: "part" }]);
  await ok(sandbox, "PUT", `/widgets/${made.id}/settings`, { body: { dark: null } });
  expect(await ok(sandbox, "GET", `/widgets/${made.id}/settings`)).toEqual({ dark: null });
  await ok(sandbox, "DELETE", `/widgets/${made.id}`);
  expect((await send(sandbox, "GET", `/widgets/${made.id}`)).status).toBe(404);
  expect((await send(sandbox, "POST", `/widgets/${made.id}/polish`)).status).toBe(404);
});

it("starts with the generated facts and enforces the generated scopes", async () => {
  const { sandbox, bases, credentials } = await startSandbox();
  open.push(sandbox);
  const get = async (path: string, key: string) =>
    (await fetch(bases.control + path, { headers: { "x-portkey-api-key": key } })).status;
  expect(await get("/admin/users", credentials.adminKey)).toBe(200);
  expect(await get("/admin/users", credentials.workspaceKey)).toBe(403);
});
