import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { PolicyInput } from "../../src/catalog/policy.ts";
import { catalogue, fetchFirst, jsonOf, startRig, textOf, type Rig } from "./rig.ts";
import { link } from "../mcp/client-link.ts";

let rig: Rig;
beforeAll(async () => {
  rig = await startRig();
});
afterAll(() => rig.close());

const call = (name: string, args: unknown, input: PolicyInput = { discover: true }) =>
  rig.registry.callTool(name, args, rig.caller(input), link());
const listed = (input: PolicyInput) =>
  (JSON.parse(rig.registry.listTools(rig.caller(input))) as { tools: { name: string }[] }).tools.map(
    ({ name }) => name,
  );

describe("tools/list", () => {
  test.each([
    [
      "discover mode lists five tools",
      { discover: true },
      ["search_tools", "describe_tool", "call_read_tool", "call_write_tool", "call_destructive_tool"],
    ],
    [
      "read-only leaves no caller that writes",
      { discover: true, readOnly: true },
      ["search_tools", "describe_tool", "call_read_tool"],
    ],
    [
      "no caller without a tool to call",
      { discover: true, domains: ["audit"] },
      ["search_tools", "describe_tool", "call_read_tool"],
    ],
    ["an allow-list lists what it names", { tools: ["get_prompt"] }, ["get_prompt"]],
  ] as const)("%s", (_what, input, names) => {
    expect(listed(input)).toEqual(names);
  });

  test("the usual listing has describe_tool and none of the others", () => {
    expect(listed({}).filter((name) => /^(search_tools|describe_tool|call_\w+_tool)$/.test(name))).toEqual([
      "describe_tool",
    ]);
  });

  test("search_tools names the domains that the caller may use", () => {
    expect(rig.registry.listTools(rig.caller({ discover: true, domains: ["prompts", "keys"] }))).toContain(
      "Only this domain: keys, prompts",
    );
  });
});

describe("search_tools", () => {
  test("gives name, caller, risk, words and arguments, best first", async () => {
    const { tools } = jsonOf(await call("search_tools", { query: "rotate an api key", limit: 3 }));
    expect(tools).toHaveLength(3);
    expect(tools[0]).toEqual({
      name: "rotate_api_key",
      call_with: "call_destructive_tool",
      risk: "destroy",
      description: expect.stringContaining("secret"),
      inputSchema: expect.objectContaining({ type: "object", required: ["id"] }),
    });
  });

  test.each(catalogue.records)("shows every argument of $name as it is called", async (record) => {
    const { tools } = jsonOf(await call("search_tools", { query: record.name, limit: 1 }));
    const { properties } = tools[0].inputSchema as { properties: Record<string, { type?: unknown }> };
    expect([tools[0].name, Object.keys(properties)]).toEqual([
      record.name,
      expect.arrayContaining(record.arguments.map(({ name }) => name)),
    ]);
    expect(properties).not.toHaveProperty("more");
    expect(Object.values(properties).filter(({ type }) => type === undefined)).toEqual([]);
  });

  test("finds five without a limit, and nothing that the policy hides", async () => {
    const { tools, not_allowed } = jsonOf(
      await call("search_tools", { query: "delete a prompt" }, { discover: true, readOnly: true }),
    );
    expect(tools).toHaveLength(5);
    expect(tools.filter(({ risk }: { risk: string }) => risk !== "read")).toEqual([]);
    expect(not_allowed).toContain("PORTKEY_READ_ONLY");
  });

  test("keeps to a domain", async () => {
    const { tools } = jsonOf(await call("search_tools", { query: "create", domain: "configs" }));
    expect(tools.map(({ name }: { name: string }) => name)).toContain("create_config");
    expect(tools.every(({ name }: { name: string }) => name.includes("config"))).toBe(true);
  });

  test("says what to do where nothing fits", async () => {
    expect(jsonOf(await call("search_tools", { query: "zzzzqqqq" }))).toEqual({
      tools: [],
      note: expect.stringContaining("prompts"),
    });
  });

  test("takes what a model's client adds, and a request as long as a page", async () => {
    expect(await call("search_tools", { query: "cost ".repeat(20_000), wait_for_previous: true })).not.toHaveProperty(
      "isError",
    );
  });

  test.each([
    [{}, "query is required"],
    [{ query: 3 }, "query must be a string"],
    [{ query: " " }, "query must be a string that says something"],
    [{ query: "x", limit: "three" }, "limit must be a whole number"],
    [{ query: null }, "query is required"],
    [[1], "the arguments must be an object"],
    [{ query: "x", limits: 3 }, "limits is not an argument of this tool; the closest is limit"],
    [{ query: "x", verbose: 3 }, "verbose is not an argument of this tool; it takes query, "],
    [{ query: "x", domain: "nothing" }, "domain must be one of"],
  ])("refuses %j", async (args, message) => {
    const result = await call("search_tools", args);
    expect(result.isError).toBe(true);
    expect(textOf(result)).toContain(message);
  });
});

describe("forms of nothing, and text for what is none", () => {
  test.each([
    ["a number as text", { query: "cost by model", limit: "3", domain: null }],
    ["all of them as one text", '{"query":"cost by model","limit":3,"domain":null}'],
  ])("search_tools reads %s", async (_what, args) => {
    const plain = jsonOf(await call("search_tools", { query: "cost by model", limit: 3 }));
    expect(plain.tools).toHaveLength(3);
    const result = await call("search_tools", args);
    expect(jsonOf(result)).toEqual(plain);
    expect(result.content[1]?.["text"]).toContain("was given as text and is read as the JSON that it holds");
  });

  test.each([[null], ['{"page_size":"2"}'], [{ page_size: 2, more: null }]])(
    "call_read_tool hands on the arguments %j",
    async (args) => {
      const result = await call("call_read_tool", { name: "list_prompts", arguments: args });
      expect(result.isError).toBeUndefined();
      expect(jsonOf(result).data.length).toBeGreaterThan(0);
    },
  );
});

describe("the three callers", () => {
  test("call what is of their risk, with the arguments as given", async () => {
    const created = jsonOf(
      await call("call_write_tool", { name: "create_prompt_label", arguments: { name: "canary" } }),
    );
    expect(
      jsonOf(await call("call_read_tool", { name: "get_prompt_label", arguments: { label_id: created.id } })),
    ).toMatchObject({ name: "canary" });
    expect(
      await call("call_destructive_tool", { name: "delete_prompt_label", arguments: { label_id: created.id } }),
    ).not.toHaveProperty("isError");
  });

  test("take an alias, and a tool that needs no arguments", async () => {
    expect(jsonOf(await call("call_read_tool", { name: "list_configs" })).data.length).toBeGreaterThan(0);
  });

  test.each([
    ["call_read_tool", "delete_prompt", "call_destructive_tool"],
    ["call_read_tool", "update_prompt", "call_write_tool"],
    ["call_write_tool", "list_prompts", "call_read_tool"],
    ["call_write_tool", "publish_prompt", "call_destructive_tool"],
    ["call_destructive_tool", "create_prompt", "call_write_tool"],
  ])("%s refuses %s and names %s", async (through, name, right) => {
    rig.seen();
    const result = await call(through, { name, arguments: { prompt_id: "p" } });
    expect(result.isError).toBe(true);
    expect(textOf(result)).toContain(`call it with ${right}`);
    expect(rig.seen()).toEqual([]);
  });

  test.each(["call_read_tool", "call_destructive_tool"])("keep to the policy: %s", async (through) => {
    const result = await call(
      through,
      { name: "delete_prompt", arguments: { prompt_id: "p" } },
      { discover: true, readOnly: true },
    );
    expect(textOf(result)).toContain("PORTKEY_READ_ONLY");
    expect(result._meta).toMatchObject({ "portkey/code": "NOT_ALLOWED", "portkey/setting": "PORTKEY_READ_ONLY" });
  });

  test("record the tool that was called, not themselves", async () => {
    rig.events.length = 0;
    await call("call_read_tool", { name: "list_configs" });
    expect(rig.events.map(({ tool }) => tool)).toEqual(["list_configs"]);
  });

  test.each([
    ["call_read_tool", { arguments: {} }, "name is required"],
    ["call_read_tool", { name: "list_configs", arguments: [] }, "arguments must be an object"],
    [
      "call_read_tool",
      { name: "get_prompt", prompt_id: "p" },
      "prompt_id is not an argument of this tool: put what the called tool takes into arguments",
    ],
    ["call_read_tool", { name: "get_promt" }, "Did you mean get_prompt"],
    ["call_read_tool", { name: "search_tools" }, "It is a tool of this server itself"],
    ["call_write_tool", { name: "update_prompt", arguments: {} }, "prompt_id"],
  ])("%s refuses %j", async (through, args, message) => {
    const result = await call(through, args);
    expect(result.isError).toBe(true);
    expect(textOf(result)).toContain(message);
  });

  test("are off where discover mode is", async () => {
    const result = await call("call_read_tool", { name: "list_configs" }, {});
    expect(result._meta).toMatchObject({ "portkey/setting": "PORTKEY_DISCOVER" });
    expect(textOf(result)).toContain("call list_configs itself");
  });
});

test("a tool can still be called by its own name", async () => {
  const { slug } = await fetchFirst(rig, "list_configs");
  expect(await call("get_config", { slug })).not.toHaveProperty("isError");
});
