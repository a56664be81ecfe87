/**
 * What an error says to do next, for every tool and every way to fail: it names a tool or an argument that there is,
 * and a read is never said to have an unknown outcome.
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { loadSchemas } from "../../src/catalog/editions.ts";
import { loadCatalogue } from "../main-catalogue.ts";
import type { ToolRecord } from "../../src/catalog/record.ts";
import type { PortkeyMcpError } from "../../src/errors/errors.ts";
import { exampleOf } from "../../src/mcp/tools/describe-example.ts";
import type { Portkey } from "../../src/portkey/port.ts";
import { context, portkeyAt } from "./records.ts";
import { startUpstream, type Upstream } from "./upstream.ts";
import { closedPort } from "../listen.ts";

const { records } = loadCatalogue();
const plain = records.filter(({ method }) => method !== undefined);
const writes = plain.filter(({ risk }) => risk !== "read");
const reads = plain.filter(({ risk }) => risk === "read");
const STATUSES = [400, 401, 402, 403, 404, 409, 412, 413, 422, 429, 500, 502, 503] as const;
const tools = new Set([...records.map(({ name }) => name), "describe_tool", "search_tools"]);
const ARGUMENTS = new Set(["dry_run", "key", "portkey_key", "fields", "more"]);

let examples: ReadonlyMap<ToolRecord, Record<string, unknown>>;
let upstream: Upstream;
let behave: "status" | "hang" | "reset";
let status = 500;
let portkey: Portkey;
let hasty: Portkey;
let unreachable: Portkey;
beforeAll(async () => {
  const schemas = await loadSchemas();
  examples = new Map(plain.map((record) => [record, exampleOf(record, schemas[record.name] ?? {})]));
  upstream = await startUpstream((response) => {
    if (behave === "reset") response.socket?.destroy();
    if (behave === "status")
      response.writeHead(status).end(JSON.stringify({ success: false, data: { message: "no" } }));
  });
  portkey = portkeyAt(upstream.origin, { maxRetries: 0, records });
  hasty = portkeyAt(upstream.origin, { maxRetries: 0, timeoutMs: 20, records });
  unreachable = portkeyAt(`http://127.0.0.1:${await closedPort()}`, { maxRetries: 0, records });
});
afterAll(() => upstream.close());

async function failure(client: Portkey, record: ToolRecord): Promise<string> {
  const args = examples.get(record) ?? {};
  const keys = { workspaceKey: "wk", adminKey: "ak" };
  return client.send(record, args, context({ credentials: keys, key: "admin" })).then(
    () => Promise.reject(new Error(`${record.name} succeeded`)),
    ({ message }: PortkeyMcpError) => message,
  );
}

const argumentNames = new Set(records.flatMap((record) => record.arguments.map(({ name }) => name)));

/** The words of a text that look like a tool's name, and are neither a tool nor an argument. */
function unknownNames(text: string, form: RegExp): string[] {
  return [...text.matchAll(form)].map(([word]) => word).filter((word) => !tools.has(word) && !argumentNames.has(word));
}

/** What follows what happened, the sentences after Portkey's words, names what there is. */
function expectNextStep(message: string, record: ToolRecord): void {
  const step = message.replace(`${record.name}: `, "");
  const words: readonly string[] = step.match(/\b[a-z]+(?:_[a-z]+)+\b/g) ?? [];
  const known = new Set([...record.arguments.map(({ name }) => name), ...ARGUMENTS, ...tools]);
  expect(
    words.some((word) => known.has(word)),
    message,
  ).toBe(true);
  expect(unknownNames(step, /\b(?:list|get|update|delete|create|describe)(?:_[a-z]+)+\b/g), message).toEqual([]);
}

function expectSafe(message: string, record: ToolRecord): void {
  expect(message).toContain(`It only reads: it is safe to call ${record.name} again.`);
  expect(message).not.toContain("unknown");
}

/** Answers every request of the tests beside it with this status. */
function useStatus(given: number): void {
  beforeAll(() => {
    behave = "status";
    status = given;
  });
}

describe.each(STATUSES)("every write that is answered %i", (given) => {
  useStatus(given);
  test.each(writes)("$name", async (record) => {
    const message = await failure(portkey, record);
    expectNextStep(message, record);
    expect(message.includes("Whether it took effect is unknown")).toBe(given >= 500);
    if (given < 500) expect(message).not.toContain("unknown");
  });
});

describe.each([
  ["times out", "hang", () => hasty],
  ["loses its connection after it was sent", "reset", () => portkey],
] as const)("every write that %s names what reads the object back", (_how, how, client) => {
  beforeAll(() => {
    behave = how;
  });
  test.each(writes)("$name", async (record) => {
    const message = await failure(client(), record);
    expect(message).toContain("Whether it took effect is unknown");
    expectNextStep(message, record);
  });
});

test.each(writes)("a write that never leaves is said not to be done: $name", async (record) => {
  const message = await failure(unreachable, record);
  expect(message).toMatch(/Nothing was done\. .*call \w+ again\.$/);
  expectNextStep(message, record);
});

describe.each([500, 502, 503])("every read that is answered %i is safe to call again", (given) => {
  useStatus(given);
  test.each(reads)("$name", async (record) => expectSafe(await failure(portkey, record), record));
});

describe.each([
  ["times out", "hang", () => hasty],
  ["loses its connection", "reset", () => portkey],
] as const)("every read that %s is safe to call again", (_how, how, client) => {
  beforeAll(() => {
    behave = how;
  });
  test.each(reads)("$name", async (record) => expectSafe(await failure(client(), record), record));
});

describe.each([400, 403, 404])("every read that is answered %i names what helps", (given) => {
  useStatus(given);
  test.each(reads)("$name", async (record) => {
    const message = await failure(portkey, record);
    expect(message).not.toContain("unknown");
    if (given !== 404) expectNextStep(message, record);
  });
});

describe("the step fits the tool", () => {
  test.each([
    ["delete_workspace", 409, "force_delete: true deletes it with all that it holds"],
    ["delete_collection", 409, "list_prompts shows the prompts in it"],
    ["create_provider", 403, "update_integration_workspaces gives it"],
    ["create_provider", 403, "the scope providers.create or virtual_keys.create"],
    ["update_workspace_member", 400, "If the role is so already"],
    ["get_prompt", 404, "Look up prompt_id (list_prompts)"],
    ["update_workspace_member", 404, "workspace_id (list_workspaces), user_id (list_workspace_members)"],
    ["create_collection", 409, "list_collections shows the one that is there, update_collection changes it"],
    ["create_api_key", 500, "list_api_keys shows whether it was made"],
    ["update_collection", 500, "repeating the same call is safe. get_collection shows what stands there."],
    ["create_collection", 502, "read the object with list_collections before trying again"],
    ["run_prompt_completion", 503, "is paid for then"],
    ["create_config", 400, 'describe_tool (name: "create_config")'],
    ["update_workspace", 412, "list_usage_limits and list_rate_limits show the policies"],
  ] as const)("%s %i: %s", async (name, given, want) => {
    behave = "status";
    status = given;
    expect(await failure(portkey, records.find((record) => record.name === name) as ToolRecord)).toContain(want);
  });

  test("a tool that the caller may not call is not named", async () => {
    behave = "status";
    status = 404;
    const record = records.find(({ name }) => name === "get_prompt") as ToolRecord;
    const mayRead = ({ name }: ToolRecord) => name !== "list_prompts";
    const call = portkey.send(record, { prompt_id: "p" }, context({ mayRead }));
    await expect(call).rejects.toThrow(/no such object/);
    await expect(portkey.send(record, { prompt_id: "p" }, context({ mayRead }))).rejects.not.toThrow(/list_prompts\)/);
  });
});

const advice = records.flatMap(({ name, onError = {} }) =>
  Object.entries(onError).map(([status, text]) => [name, status, text] as const),
);
test.each(advice)("what the curation of %s says to %s names what there is", (_name, _status, text) => {
  const verbs = /\b(?:list|get|update|delete|create|add|remove|invite|resend|rotate|insert|run|start)_\w+\b/g;
  expect(unknownNames(text, verbs)).toEqual([]);
  expect(text).toMatch(/\w+_\w+/);
});
