import { describe, expect, test, vi } from "vitest";
import { createRegistry } from "../../src/mcp/create-registry.ts";
import type { BuiltInTools, RegistryParts } from "../../src/mcp/parts.ts";
import { localCaller, makeParts, RECORDS } from "./parts.ts";
import { link } from "./client-link.ts";

const registryWith = (more: Partial<RegistryParts> = {}) => createRegistry(makeParts(more).parts);
const namesIn = (text: string) => (JSON.parse(text) as { tools: { name: string }[] }).tools.map(({ name }) => name);

describe("tools/list", () => {
  test("has every tool where nothing is hidden", () => {
    expect(namesIn(registryWith().listTools(localCaller()))).toEqual(RECORDS.map(({ name }) => name));
  });

  test("has what the policy admits", () => {
    expect(namesIn(registryWith().listTools(localCaller({ readOnly: true, domains: ["prompts"] })))).toEqual([
      "list_prompts",
      "get_prompt",
    ]);
  });

  test("is the same text for equal policies", () => {
    const { parts } = makeParts();
    const list = vi.spyOn(parts.catalogue, "list");
    const registry = createRegistry(parts);
    expect(registry.listTools(localCaller({ readOnly: true }))).toBe(
      registry.listTools(localCaller({ readOnly: true })),
    );
    expect(list).toHaveBeenCalledTimes(1);
  });
});

describe("the server's own tools", () => {
  const ownTools = (exclusive: boolean): BuiltInTools => ({
    list: () => ({
      entries: [{ name: "search_tools", description: "Search.", inputSchema: { type: "object" } }],
      exclusive,
    }),
    has: (name) => name === "search_tools",
    call: async ({ args, caller, link: client }, callTool) =>
      callTool(String((args as Record<string, unknown>)["then"]), {}, caller, client),
  });

  test("stand before the manifest's", () => {
    expect(namesIn(registryWith({ builtInTools: ownTools(false) }).listTools(localCaller()))).toEqual([
      "search_tools",
      ...RECORDS.map(({ name }) => name),
    ]);
  });

  test("stand alone where they take the place of the manifest's", () => {
    expect(namesIn(registryWith({ builtInTools: ownTools(true) }).listTools(localCaller()))).toEqual(["search_tools"]);
  });

  test("call the manifest's through the same gate", async () => {
    const registry = registryWith({ builtInTools: ownTools(true) });
    const call = (then: string) => registry.callTool("search_tools", { then }, localCaller({ readOnly: true }), link());
    expect(await call("list_prompts")).not.toHaveProperty("isError");
    expect(await call("delete_prompt")).toHaveProperty("isError", true);
  });

  test("say sandbox too", async () => {
    const own: BuiltInTools = { ...ownTools(true), call: async () => ({ content: [], _meta: { a: 1 } }) };
    const registry = registryWith({ builtInTools: own, sandbox: true });
    expect(await registry.callTool("search_tools", {}, localCaller(), link())).toEqual({
      content: [],
      _meta: { a: 1, sandbox: true },
    });
  });
});

test.each([
  [false, { name: "portkey-admin-mcp", title: "Portkey Admin", version: "1.2.3" }],
  [true, { name: "portkey-admin-mcp-sandbox", title: "Portkey Admin (sandbox)", version: "1.2.3-sandbox" }],
])("sandbox %s: the server says who it is", (sandbox, want) => {
  expect(registryWith({ sandbox }).serverInfo).toEqual(want);
});

describe("without guidance", () => {
  const registry = registryWith();
  const caller = localCaller();

  test("nothing but tools is served", async () => {
    expect(registry.instructions(caller)).toBe("");
    expect(registry.listPrompts(caller)).toEqual({ prompts: [] });
    expect(registry.listResources(caller)).toEqual({ resources: [] });
    expect(registry.listResourceTemplates(caller)).toEqual({ resourceTemplates: [] });
    expect(await registry.complete({ ref: {}, argument: { name: "a", value: "b" } }, caller, link())).toEqual({
      completion: { values: [], total: 0, hasMore: false },
    });
  });

  test("what is not there is refused by name", async () => {
    await expect(registry.getPrompt("greet", {}, caller, link())).rejects.toMatchObject({
      code: "BAD_INPUT",
      message: 'There is no prompt "greet".',
    });
    await expect(registry.readResource("x://y", caller, link())).rejects.toMatchObject({
      code: "BAD_INPUT",
      message: 'There is no resource "x://y".',
    });
  });
});
