import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fullSchemas } from "../generated/listing.ts";
import { catalogue, jsonOf, startRig, textOf, type Rig } from "./rig.ts";
import type { PolicyInput } from "../../src/catalog/policy.ts";
import { link } from "../mcp/client-link.ts";

let rig: Rig;
beforeAll(async () => {
  rig = await startRig();
});
afterAll(() => rig.close());

const describeTool = (name: string, input: PolicyInput = {}) =>
  rig.registry.callTool("describe_tool", { name }, rig.caller(input), link());

test("says all there is to know about a tool", async () => {
  expect(jsonOf(await describeTool("delete_prompt_label", { discover: true }))).toEqual({
    name: "delete_prompt_label",
    title: "Delete prompt label",
    description: catalogue.find("delete_prompt_label")?.record.description,
    domain: "labels",
    risk: "destroy",
    call_with: "call_destructive_tool",
    request: "DELETE /labels/{labelId}",
    key: "workspace or admin key, chosen by what the call names",
    scopes: catalogue.find("delete_prompt_label")?.record.scopes,
    values_from: { label_id: "list_prompt_labels" },
    example: { name: "delete_prompt_label", arguments: { label_id: "<label_id>" } },
    neighbours: expect.objectContaining({ get_prompt_label: "Get one prompt label's name, colour and owner" }),
    inputSchema: fullSchemas["delete_prompt_label"],
  });
});

describe("a description", () => {
  test("has the nested fields that a listing folds away", async () => {
    const { inputSchema } = jsonOf(await describeTool("create_config"));
    expect(inputSchema.properties.config.properties.strategy.properties.mode.enum).toContain("loadbalance");
  });

  test("begins with the example, and says what the tool answers and what of it others write", async () => {
    const described = jsonOf(await describeTool("list_prompts"));
    expect(Object.keys(described)[0]).toBe("example");
    expect(described.answers).toContain("name");
    expect(described.others_write).toContain("data[].name");
  });

  test("says what several fields must hold together", async () => {
    expect(jsonOf(await describeTool("create_config")).rules).toContain("retry: attempts is required");
    expect(jsonOf(await describeTool("update_guardrail")).rules.join()).toContain("checks:<id>");
    expect(jsonOf(await describeTool("delete_prompt"))).not.toHaveProperty("rules");
  });

  test("says where nested ids come from", async () => {
    expect(jsonOf(await describeTool("create_config")).values_from).toHaveProperty(
      ["config.virtual_key"],
      "list_providers",
    );
  });

  test("says that a 404 may mean the installation lacks it", async () => {
    expect(jsonOf(await describeTool("list_agent_servers")).note).toContain("404");
  });

  test("is found by an alias, and names it", async () => {
    expect(jsonOf(await describeTool("get_log"))).toMatchObject({ name: "get_trace", also_called: ["get_log"] });
  });

  test("says so where the policy refuses the tool, and offers no neighbour that it refuses", async () => {
    const { not_allowed, neighbours } = jsonOf(await describeTool("delete_prompt", { readOnly: true }));
    expect(not_allowed).toContain("PORTKEY_READ_ONLY");
    const offered = Object.keys(neighbours);
    expect(offered.filter((name) => catalogue.find(name)?.record.risk !== "read")).toEqual([]);
  });

  test.each([["delete_promt"], ["call_read_tool"]])("of %s is refused with what to do", async (name) => {
    const result = await describeTool(name);
    expect(result).toMatchObject({ isError: true, _meta: { "portkey/code": "UNKNOWN_TOOL" } });
    expect(textOf(result)).toMatch(/Did you mean delete_prompt|It is a tool of this server itself/);
  });

  test("asks nothing of Portkey", () => {
    expect(rig.seen()).toEqual([]);
  });

  test("of every tool fits into a result", async () => {
    const lengths = await Promise.all(
      catalogue.records.map(async ({ name }) => ({ name, length: textOf(await describeTool(name)).length })),
    );
    expect(lengths.filter(({ length }) => length >= 40_000)).toEqual([]);
  });
});
