/**
 * Every operation of each edition's facts, called with its required and with all its arguments, succeeds, and answers
 * what the document declares. A JSON Schema validator that the sandbox does not use says so.
 */
import { Ajv, type ValidateFunction } from "ajv";
import { default as addFormats } from "ajv-formats";
import { beforeEach, describe, expect, it } from "vitest";
import { EDITION_NAMES, type EditionName } from "../../src/catalog/editions.ts";
import type { AccessRule } from "../../src/sandbox/http/scopes.ts";
import { ApiDocument, withoutNames, type Facts, type Operation } from "../../src/sandbox/shapes/document.ts";
import { uuid } from "../../src/sandbox/state/ids.ts";
import { createSandbox, type Sandbox } from "../../src/sandbox/sandbox.ts";
import { argument } from "./arguments.ts";
import { readFacts, moment, readRules, type Options, type Result } from "./setup.ts";

/** One edition's sandbox, and how it is called. */
interface Api {
  readonly document: ApiDocument;
  readonly ajv: Ajv;
  readonly sandbox: Sandbox;
  readonly rules: readonly AccessRule[];
  /** `path` is below its server's address. */
  send(method: string, path: string, options?: Options): Promise<Result>;
  /** The body of a call that must succeed. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- bodies of any shape are looked at here
  ok(method: string, path: string, options?: Options): Promise<any>;
}

async function openApi(edition: EditionName): Promise<Api> {
  const [facts, rules] = [readFacts(edition), readRules(edition)];
  const document = new ApiDocument(facts);
  const sandbox = await createSandbox({ facts, rules, now: () => moment });
  const send: Api["send"] = async (method, path, { key = sandbox.keys.admin, body } = {}) => {
    const authorization = `Bearer ${sandbox.tokens.issue()}`;
    const response = await sandbox.inject({
      method: method as "GET",
      url: prefixOf(document, method, path) + path,
      headers: {
        ...(document.takesTokens ? { authorization } : { "x-portkey-api-key": key }),
        ...(body !== undefined && { "content-type": "application/json" }),
      },
      ...(body !== undefined && { payload: JSON.stringify(body) }),
    });
    const isJson = String(response.headers["content-type"]).includes("application/json");
    return { status: response.statusCode, headers: response.headers, body: isJson ? response.json() : response.body };
  };
  return {
    document,
    ajv: validatorFor(facts),
    sandbox,
    rules,
    send,
    async ok(method, path, options) {
      const result = await send(method, path, options);
      expect(result.status, `${method} ${path}: ${JSON.stringify(result.body)}`).toBe(200);
      return result.body;
    },
  };
}

/** What stands before the path in the address of the operation that serves it. */
function prefixOf({ operations }: ApiDocument, method: string, path: string): string {
  const segments = (path.split("?")[0] ?? "").split("/");
  const found = operations
    .filter((operation) => operation.method === method)
    .filter(({ path: own }) => {
      const wanted = own.split("/");
      return wanted.length === segments.length && wanted.every((part, at) => part === segments[at] || part[0] === "{");
    })
    // Words that are spelled out go before parameters.
    .sort((a, b) => a.parameters.length - b.parameters.length)[0];
  return found === undefined ? "/v1" : found.url.slice(0, -found.path.length);
}

function validatorFor(facts: Facts): Ajv {
  const ajv = new Ajv({ strict: false, allErrors: true, logger: false });
  addFormats.default(ajv);
  return ajv
    .addFormat("UUID", true)
    .addFormat("string", true)
    .addSchema({ ...(forAjv(facts) as object), $id: "facts" });
}

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
  "/models/{}": ["gpt-4o"],
};

const apis = await Promise.all(EDITION_NAMES.map(async (edition) => ({ edition, api: await openApi(edition) })));
const operations = apis.flatMap(({ edition, api }) =>
  api.document.operations.map((operation) => [edition, operation.key, { api, operation }] as const),
);
beforeEach(() => apis.forEach(({ api }) => api.sandbox.reset()));

describe.each(operations)("%s: %s", (_edition, _key, { api, operation }) => {
  it.each([
    ["required", false],
    ["all", true],
  ])("answers %s arguments as declared", async (_which, all) => {
    const path = await concretePath(api, operation);
    const query = new URLSearchParams(queryOf(api, operation, all)).toString();
    const body = operation.body ? bodyFor(api, operation, all) : undefined;
    const result = await api.send(operation.method, query === "" ? path : `${path}?${query}`, {
      key: keyFor(api, operation),
      body,
    });
    expect(result.status, JSON.stringify({ body, answer: result.body })).toBe(operation.status);
    if (operation.answer) expect(problems(api, operation, result.body)).toEqual([]);
    else expect(result.body).toBe("");
  });
});

function problems({ ajv }: Api, operation: Operation, body: unknown): unknown[] {
  if (typeof body === "string") return ["not JSON"];
  const validate = validatorOf(ajv, operation);
  return validate(body)
    ? []
    : (validate.errors ?? []).map(({ instancePath, message, params }) => ({ instancePath, message, params }));
}

function validatorOf(ajv: Ajv, operation: Operation): ValidateFunction {
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

function keyFor({ rules, sandbox }: Api, operation: Operation): string {
  const rule = rules.find(({ method, path }) => `${method ?? ""} ${withoutNames(path ?? "")}` === operation.key);
  return rule?.key === "workspace" ? sandbox.keys.workspace : sandbox.keys.admin;
}

function queryOf({ document }: Api, operation: Operation, all: boolean): Record<string, string> {
  const names = all ? Object.keys(operation.query) : operation.requiredQuery;
  return Object.fromEntries(
    names.map((name) => [name, String(argument(document.schemas, operation.query[name] ?? {}, name, all))]),
  );
}

function bodyFor({ document }: Api, operation: Operation, all: boolean): unknown {
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
  "PUT /admin/v2/guardrails/{}/mcp-servers": { mcp_servers: { "issues-production": { run_on: ["input"] } } },
  "PUT /guardrails/{}/mcp-servers": { mcp_servers: { "issues-production": { run_on: ["input"] } } },
  "POST /prompts/{}/completions": { variables: { question: "Why?" }, stream: false },
  "POST /prompts/{}/render": { variables: { question: "Why?" }, functions: [{ name: "look_up" }] },
};

/** The path with ids of resources that are there, made fresh where the document lets them be made. */
async function concretePath(api: Api, operation: Operation): Promise<string> {
  const pattern = withoutNames(operation.path);
  const values = plain[pattern] ?? (await idsFor(api, pattern));
  return values.reduce((path, value) => path.replace("{}", encodeURIComponent(value)), pattern);
}

async function idsFor(api: Api, pattern: string): Promise<string[]> {
  const parts = pattern.split("/{}");
  const ids: string[] = [];
  for (let index = 0; index < parts.length - 1; index += 1)
    ids.push(await freshId(api, parts.slice(0, index + 1).join("/{}"), ids, pattern));
  return ids;
}

async function freshId(api: Api, collection: string, parents: readonly string[], pattern: string): Promise<string> {
  const path = parents.reduce((whole, id) => whole.replace("{}", id), collection);
  const special = makers[collection];
  if (special) return special(api, path, pattern);
  const create = api.document.find(`POST ${collection}`);
  if (!create) return firstId(api, path);
  const made = await api.ok("POST", path, { body: bodyFor(api, create, false) });
  return String(made.id ?? made.slug ?? made.data.id ?? made.data.slug);
}

async function firstId(api: Api, path: string): Promise<string> {
  const list = await api.ok("GET", path);
  const items = Array.isArray(list) ? list : list.data;
  return String(items[0].id ?? items[0].slug);
}

const makers: Readonly<Record<string, (api: Api, path: string, pattern: string) => Promise<string>>> = {
  "/admin/users": (api, path) => firstId(api, path),
  "/admin/workspaces": async (api, _path, pattern) =>
    pattern.includes("/users")
      ? "production"
      : String((await api.ok("POST", "/admin/workspaces", { body: { name: "Fresh" } })).id),
  "/admin/workspaces/{}/users": (api, path) => firstId(api, path),
  "/api-keys": async (api) =>
    String(
      (
        await api.ok("POST", "/api-keys/workspace/service", {
          body: { name: "Fresh", scopes: ["logs.list"], workspace_id: "production" },
        })
      ).id,
    ),
  "/feedback": async (api) =>
    String(
      (await api.ok("POST", "/feedback", { key: api.sandbox.keys.workspace, body: { trace_id: "t", value: 1 } }))
        .feedback_ids[0],
    ),
  "/logs": async (api) => {
    await api.ok("POST", "/logs", {
      key: api.sandbox.keys.workspace,
      body: {
        request: { url: "https://example.com", body: {} },
        response: { body: {} },
        metadata: { trace_id: "trace-1" },
      },
    });
    return "trace-1";
  },
  "/logs/exports": async (api, _path, pattern) => {
    const { id } = await api.ok("POST", "/logs/exports", {
      body: { workspace_id: "production", filters: {}, requested_data: ["id"] },
    });
    if (pattern.endsWith("/download")) {
      await api.ok("POST", `/logs/exports/${id}/start`);
      for (let look = 0; look < 3; look += 1) await api.ok("GET", `/logs/exports/${id}`);
    }
    return String(id);
  },
  "/policies/usage-limits": async (api, _path, pattern) =>
    pattern.includes("/entities")
      ? firstId(api, "/policies/usage-limits")
      : String(
          (
            await api.ok("POST", "/policies/usage-limits", {
              body: bodyFor(api, api.document.find("POST /policies/usage-limits") as Operation, false),
            })
          ).id,
        ),
  "/admin/v2/guardrails/{}/mcp-servers": (api) => firstId(api, "/mcp-servers"),
  "/guardrails/{}/mcp-servers": (api) => firstId(api, "/mcp-servers"),
  "/prompts": async (api, _path, pattern) =>
    /render|completions/.test(pattern)
      ? "support-reply-production"
      : String(
          (
            await api.ok("POST", "/prompts", {
              body: bodyFor(api, api.document.find("POST /prompts") as Operation, false),
            })
          ).id,
        ),
};
