/**
 * Every operation of the facts, called with its required and with all its arguments, succeeds, and its answer is what
 * the document declares. A JSON Schema validator that the sandbox does not use says so.
 */
import { Ajv, type ValidateFunction } from "ajv";
import { default as addFormats } from "ajv-formats";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { ApiDocument, nameless, type Operation } from "../../src/sandbox/shapes/document.ts";
import { uuid } from "../../src/sandbox/state/ids.ts";
import type { Sandbox } from "../../src/sandbox/sandbox.ts";
import { argument } from "./arguments.ts";
import { facts, makeSandbox, ok, rules, send } from "./setup.ts";

const document = new ApiDocument(facts);
const ajv = new Ajv({ strict: false, allErrors: true, logger: false });
addFormats.default(ajv);
ajv
  .addFormat("UUID", true)
  .addFormat("string", true)
  .addSchema({ ...(forAjv(facts) as object), $id: "facts" });

/**
 * The facts as ajv takes them: variants that overlap in the document (a permissive one beside a strict one) need match
 * only
 * once, and `nullable` beside no `type` is a variant of its own.
 */
function forAjv(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(forAjv);
  if (typeof node !== "object" || node === null) return node;
  const { oneOf, nullable, ...rest } = Object.fromEntries(
    Object.entries(node).map(([name, value]) => [name, forAjv(value)]),
  );
  const variants = Array.isArray(oneOf) ? { anyOf: oneOf } : {};
  if (nullable !== true || rest["type"] !== undefined)
    return { ...rest, ...variants, ...(nullable === true && { nullable }) };
  return { anyOf: [{ type: "null" }, { ...rest, ...variants }] };
}

/** Path parameters that are no resource's id. */
const plain: Readonly<Record<string, readonly string[]>> = {
  "/api-keys/{}/{}": ["workspace", "service"],
  "/analytics/groups/metadata/{}": ["app"],
  "/analytics/groups/{}": ["model"],
  "/logs/groups/{}": ["model"],
  "/model-configs/pricing/{}/{}": ["openai", "gpt-4o"],
  "/model-configs/general/{}/{}": ["openai", "gpt-4o"],
};

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await makeSandbox();
});
beforeEach(() => sandbox.reset());

describe.each(document.operations.map((operation) => [operation.key, operation] as const))("%s", (_key, operation) => {
  it.each([
    ["required", false],
    ["all", true],
  ])("answers %s arguments as declared", async (_which, all) => {
    const path = await concretePath(operation);
    const query = new URLSearchParams(queryOf(operation, all)).toString();
    const body = operation.body ? bodyFor(operation, all) : undefined;
    const result = await send(sandbox, operation.method as "GET", query === "" ? path : `${path}?${query}`, {
      key: keyFor(operation),
      body,
    });
    expect(result.status, JSON.stringify({ body, answer: result.body })).toBe(operation.status);
    if (operation.answer) expect(problems(operation, result.body)).toEqual([]);
    else expect(result.body).toBe("");
  });
});

function problems(operation: Operation, body: unknown): unknown[] {
  if (typeof body === "string") return ["not JSON"];
  const validate = validatorOf(operation);
  return validate(body)
    ? []
    : (validate.errors ?? []).map(({ instancePath, message, params }) => ({ instancePath, message, params }));
}

function validatorOf(operation: Operation): ValidateFunction {
  const part = (text: string) => encodeURIComponent(text.replaceAll("~", "~0").replaceAll("/", "~1"));
  const pointer = [
    "paths",
    operation.path,
    operation.method.toLowerCase(),
    "responses",
    String(operation.status),
    "content",
    "application/json",
    "schema",
  ]
    .map(part)
    .join("/");
  return ajv.compile({ $ref: `facts#/${pointer}` });
}

function keyFor(operation: Operation): string {
  const rule = rules.find(({ method, path }) => `${method ?? ""} ${nameless(path ?? "")}` === operation.key);
  return rule?.key === "workspace" ? sandbox.keys.workspace : sandbox.keys.admin;
}

function queryOf(operation: Operation, all: boolean): Record<string, string> {
  const names = all ? Object.keys(operation.query) : operation.requiredQuery;
  return Object.fromEntries(
    names.map((name) => [name, String(argument(document.schemas, operation.query[name] ?? {}, name, all))]),
  );
}

function bodyFor(operation: Operation, all: boolean): unknown {
  const body = argument(document.schemas, operation.body ?? {}, "", all) as Record<string, unknown>;
  return { ...body, ...bodyNeeds[operation.key] };
}

const ada = uuid("/admin/users:ada@sandbox.example");
const inProduction = { workspaces: [{ id: "production", enabled: true }] };
const oneCapability = { capabilities: [{ type: "tool", name: "search_issues", enabled: true }] };

/** Bodies that must name something there is. */
const bodyNeeds: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  "DELETE /admin/workspaces/{}": { name: "Fresh" },
  "PUT /prompts/{}/makeDefault": { version: 1 },
  "PUT /prompts/partials/{}/makeDefault": { version: 1 },
  "POST /admin/users/invites": { workspaces: [{ id: "dev", role: "member" }] },
  "POST /scim/workspaces": {
    workspace_id: "dev",
    scim_group_name: "New group",
    scim_group_id: undefined,
    role: "member",
  },
  "POST /admin/workspaces/{}/users": { users: [{ id: uuid("/admin/users:eva@sandbox.example"), role: "member" }] },
  "POST /api-keys/{}/{}": { workspace_id: "production", scopes: ["logs.list"] },
  "PUT /agent-integrations/{}/skills": { skills: [{ id: "summarise", enabled: false }] },
  "PUT /agent-integrations/{}/workspaces": inProduction,
  "PUT /agent-servers/{}/skills": { skills: [{ id: "summarise", enabled: false }] },
  "PUT /agent-servers/{}/user-access": { user_access: [{ user_id: ada, enabled: true }] },
  "PUT /integrations/{}/workspaces": inProduction,
  "PUT /mcp-integrations/{}/capabilities": oneCapability,
  "PUT /mcp-integrations/{}/workspaces": inProduction,
  "PUT /mcp-servers/{}/capabilities": oneCapability,
  "PUT /mcp-servers/{}/user-access": { user_access: [{ user_id: ada, enabled: true }] },
  "PUT /guardrails/{}/mcp-servers": { mcp_servers: { "issues-production": { run_on: ["input"] } } },
  "POST /prompts/{}/completions": { variables: { question: "Why?" }, stream: false },
  "POST /prompts/{}/render": { variables: { question: "Why?" }, functions: [{ name: "look_up" }] },
};

/** The path with ids of resources that are there, made fresh where the document lets them be made. */
async function concretePath(operation: Operation): Promise<string> {
  const pattern = nameless(operation.path);
  const values = plain[pattern] ?? (await idsFor(pattern));
  return values.reduce((path, value) => path.replace("{}", encodeURIComponent(value)), pattern);
}

async function idsFor(pattern: string): Promise<string[]> {
  const parts = pattern.split("/{}");
  const ids: string[] = [];
  for (let index = 0; index < parts.length - 1; index += 1)
    ids.push(await freshId(parts.slice(0, index + 1).join("/{}"), ids, pattern));
  return ids;
}

async function freshId(collection: string, parents: readonly string[], pattern: string): Promise<string> {
  const path = parents.reduce((whole, id) => whole.replace("{}", id), collection);
  const special = makers[collection];
  if (special) return special(path, pattern);
  const create = document.find(`POST ${collection}`);
  if (!create) return firstId(path);
  const made = await ok(sandbox, "POST", path, { body: bodyFor(create, false) });
  return String(made.id ?? made.slug ?? made.data.id ?? made.data.slug);
}

async function firstId(path: string): Promise<string> {
  const list = await ok(sandbox, "GET", path);
  const items = Array.isArray(list) ? list : list.data;
  return String(items[0].id ?? items[0].slug);
}

const makers: Readonly<Record<string, (path: string, pattern: string) => Promise<string>>> = {
  "/admin/users": (path) => firstId(path),
  "/admin/workspaces": async (_path, pattern) =>
    pattern.includes("/users")
      ? "production"
      : String((await ok(sandbox, "POST", "/admin/workspaces", { body: { name: "Fresh" } })).id),
  "/admin/workspaces/{}/users": (path) => firstId(path),
  "/api-keys": async () =>
    String(
      (
        await ok(sandbox, "POST", "/api-keys/workspace/service", {
          body: { name: "Fresh", scopes: ["logs.list"], workspace_id: "production" },
        })
      ).id,
    ),
  "/feedback": async () =>
    String(
      (await ok(sandbox, "POST", "/feedback", { key: sandbox.keys.workspace, body: { trace_id: "t", value: 1 } }))
        .feedback_ids[0],
    ),
  "/logs": async () => {
    await ok(sandbox, "POST", "/logs", {
      key: sandbox.keys.workspace,
      body: {
        request: { url: "https://example.com", body: {} },
        response: { body: {} },
        metadata: { trace_id: "trace-1" },
      },
    });
    return "trace-1";
  },
  "/logs/exports": async (_path, pattern) => {
    const { id } = await ok(sandbox, "POST", "/logs/exports", {
      body: { workspace_id: "production", filters: {}, requested_data: ["id"] },
    });
    if (pattern.endsWith("/download")) {
      await ok(sandbox, "POST", `/logs/exports/${id}/start`);
      for (let look = 0; look < 3; look += 1) await ok(sandbox, "GET", `/logs/exports/${id}`);
    }
    return String(id);
  },
  "/policies/usage-limits": async (_path, pattern) =>
    pattern.includes("/entities")
      ? firstId("/policies/usage-limits")
      : String(
          (
            await ok(sandbox, "POST", "/policies/usage-limits", {
              body: bodyFor(document.find("POST /policies/usage-limits") as Operation, false),
            })
          ).id,
        ),
  "/guardrails/{}/mcp-servers": () => firstId("/mcp-servers"),
  "/prompts": async (_path, pattern) =>
    /render|completions/.test(pattern)
      ? "support-reply-production"
      : String(
          (await ok(sandbox, "POST", "/prompts", { body: bodyFor(document.find("POST /prompts") as Operation, false) }))
            .id,
        ),
};
