/** Guidance as real clients meet it: the SDK's own client in the legacy era, requests as sent in the modern one. */
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { InMemoryTransport } from "@modelcontextprotocol/sdk/inMemory.js";
import { ElicitRequestSchema, type ClientCapabilities, type ElicitResult } from "@modelcontextprotocol/sdk/types.js";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { PolicyInput } from "../../src/catalog/policy.ts";
import { createLegacyServer } from "../../src/mcp/legacy/legacy.ts";
import { createModernHandler } from "../../src/mcp/modern/modern-http.ts";
import type { ToolResult } from "../../src/mcp/registry.ts";
import { modernRequest } from "../mcp-adapters/modern-request.ts";
import { fetchFirst, jsonOf, startRig, textOf, type Rig } from "./rig.ts";
import { link } from "../mcp/client-link.ts";

let rig: Rig;
const open: Client[] = [];
beforeAll(async () => {
  rig = await startRig();
});
afterEach(async () => {
  for (const client of open.splice(0)) await client.close();
});
afterAll(() => rig.close());

async function connect(input: PolicyInput = {}, capabilities: ClientCapabilities = {}): Promise<Client> {
  const [near, far] = InMemoryTransport.createLinkedPair();
  const client = new Client({ name: "test", version: "1" }, { capabilities });
  open.push(client);
  await Promise.all([createLegacyServer(rig.registry, rig.caller(input)).connect(far), client.connect(near)]);
  return client;
}

const newLabel = async () =>
  jsonOf(await rig.registry.callTool("create_prompt_label", { name: `l ${Math.random()}` }, rig.caller(), link()))
    .id as string;
const deleted = () => rig.seen().some((request) => request.startsWith("DELETE /labels"));

test("a client is told how to work with the server, and finds its way in discover mode", async () => {
  const client = await connect({ discover: true });
  expect(client.getInstructions()).toContain("search_tools");
  expect((await client.listTools()).tools.map(({ name }) => name)).toHaveLength(5);
  const found = (await client.callTool({
    name: "search_tools",
    arguments: { query: "list configs" },
  })) as unknown as ToolResult;
  const { name, call_with: through } = jsonOf(found).tools[0];
  const result = (await client.callTool({ name: through, arguments: { name } })) as unknown as ToolResult;
  expect(jsonOf(result).data.length).toBeGreaterThan(0);
});

test("prompts, resources and completions pass the client's own checks", async () => {
  const client = await connect();
  expect((await client.listPrompts()).prompts).toHaveLength(4);
  expect((await client.getPrompt({ name: "onboard_workspace", arguments: { name: "search" } })).messages).toHaveLength(
    1,
  );
  expect((await client.listResources()).resources).toHaveLength(2);
  expect((await client.listResourceTemplates()).resourceTemplates).toHaveLength(4);
  const { slug } = await fetchFirst(rig, "list_configs");
  expect((await client.readResource({ uri: `portkey://configs/${slug}` })).contents).toHaveLength(1);
  const { completion } = await client.complete({
    ref: { type: "ref/resource", uri: "portkey://configs/{slug}" },
    argument: { name: "slug", value: "pc-" },
  });
  expect(completion.values).toContain(slug);
  await expect(client.readResource({ uri: "portkey://configs" })).rejects.toMatchObject({ code: -32002 });
  await expect(client.getPrompt({ name: "onboard_workspace" })).rejects.toMatchObject({ code: -32602 });
});

describe("the legacy era", () => {
  test.each<[string, ElicitResult, boolean]>([
    ["agrees", { action: "accept", content: { confirm: true } }, true],
    ["declines", { action: "decline" }, false],
  ])("a person who %s", async (_what, answer, gone) => {
    const label = await newLabel();
    const client = await connect({}, { elicitation: {} });
    const questions: string[] = [];
    client.setRequestHandler(ElicitRequestSchema, ({ params }) => {
      questions.push(params.message);
      return answer;
    });
    const result = (await client.callTool({
      name: "delete_prompt_label",
      arguments: { label_id: label },
    })) as unknown as ToolResult;
    expect(questions).toEqual([expect.stringContaining(label)]);
    expect(result.isError === true).toBe(!gone);
    expect(deleted()).toBe(gone);
  });
});

describe("2026-07-28", () => {
  const ask = async (label: string, more: Record<string, unknown> = {}) => {
    const handler = createModernHandler(rig.registry);
    const { request, body } = modernRequest(
      "tools/call",
      { name: "delete_prompt_label", arguments: { label_id: label }, ...more },
      { elicitation: { form: {} } },
    );
    const text = await (await handler.handle(request, body, rig.caller())).text();
    await handler.close();
    return (JSON.parse(text) as { result: Record<string, unknown> }).result;
  };

  test.each([
    ["agrees", { action: "accept", content: { confirm: true } }, true],
    ["declines", { action: "decline" }, false],
  ])("a person who %s in the second round", async (_what, answer, gone) => {
    const label = await newLabel();
    const first = await ask(label);
    expect(first["resultType"]).toBe("input_required");
    expect(deleted()).toBe(false);
    const [key] = Object.keys(first["inputRequests"] as object) as [string];
    const second = await ask(label, { requestState: first["requestState"], inputResponses: { [key]: answer } });
    expect(second["isError"] === true).toBe(!gone);
    if (!gone) expect(textOf(second as unknown as ToolResult)).toContain("declined");
    expect(deleted()).toBe(gone);
  });

  test("an answer counts for the object that was asked about, and no other", async () => {
    const [asked, other] = [await newLabel(), await newLabel()];
    const first = await ask(asked);
    const [key] = Object.keys(first["inputRequests"] as object) as [string];
    const more = {
      requestState: first["requestState"],
      inputResponses: { [key]: { action: "accept", content: { confirm: true } } },
    };
    await expect(ask(other, more)).resolves.toBeUndefined();
    expect(deleted()).toBe(false);
  });
});
