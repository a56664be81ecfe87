import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { PolicyInput } from "../../src/catalog/policy.ts";
import { errorMeanings } from "../../src/portkey/response/error-codes.ts";
import { catalogue, fetchFirst, startRig, type Rig } from "./rig.ts";
import { link } from "../mcp/client-link.ts";

let rig: Rig;
beforeAll(async () => {
  rig = await startRig();
});
afterAll(() => rig.close());

interface Contents {
  readonly contents: readonly { uri: string; mimeType: string; text: string }[];
}
const read = async (uri: string, input: PolicyInput = {}) => {
  const { contents } = (await rig.registry.readResource(uri, rig.caller(input), link())) as unknown as Contents;
  expect(contents).toHaveLength(1);
  expect(contents[0]?.uri).toBe(uri);
  return contents[0] as Contents["contents"][number];
};
const templates = (input: PolicyInput = {}) =>
  (
    rig.registry.listResourceTemplates(rig.caller(input)) as unknown as { resourceTemplates: { uriTemplate: string }[] }
  ).resourceTemplates.map(({ uriTemplate }) => uriTemplate);

describe("what is listed", () => {
  test("every resource can be read", async () => {
    const { resources } = rig.registry.listResources(rig.caller()) as unknown as {
      resources: { uri: string; mimeType: string }[];
    };
    expect(resources.map(({ uri }) => uri)).toEqual(["portkey://tools", "portkey://errors"]);
    expect(await Promise.all(resources.map(({ uri }) => read(uri)))).toMatchObject(
      resources.map(({ mimeType }) => ({ mimeType, text: expect.stringMatching(/^# /) })),
    );
  });

  test("the templates are those that the caller can read", () => {
    expect(templates()).toEqual([
      "portkey://tools/{name}",
      "portkey://prompts/{id}",
      "portkey://configs/{slug}",
      "portkey://guardrails/{id}",
    ]);
    expect(templates({ domains: ["configs"] })).toEqual(["portkey://tools/{name}", "portkey://configs/{slug}"]);
  });
});

describe("portkey://tools", () => {
  test("has each tool that the caller may use, and no other", async () => {
    const { text } = await read("portkey://tools", { readOnly: true });
    const shown = catalogue.records.filter(({ name }) => text.includes(`| ${name} `));
    expect(shown).toEqual(catalogue.records.filter(({ risk }) => risk === "read"));
  });

  test("keeps its tables whole", async () => {
    const { text } = await read("portkey://tools");
    const rows = text.split("\n").filter((line) => line.startsWith("|"));
    expect(rows.filter((row) => row.match(/(?<!\\)\|/g)?.length !== 6)).toEqual([]);
    expect(rows.length).toBeGreaterThan(catalogue.records.length);
  });
});

test("portkey://errors has every code of Portkey's, and this server's own", async () => {
  const { text } = await read("portkey://errors");
  const meanings = errorMeanings().flatMap(({ code, status, meaning }) => [code ?? String(status), meaning]);
  const own = ["BAD_INPUT", "NOT_ALLOWED", "DECLINED", "UNREACHABLE"].map((code) => `| ${code} |`);
  expect([...meanings, ...own].filter((words) => !text.includes(words))).toEqual([]);
});

test("portkey://tools/{name} has the full schema", async () => {
  const { mimeType, text } = await read("portkey://tools/create_guardrail");
  expect(mimeType).toBe("application/json");
  expect(JSON.parse(text)).toMatchObject({
    name: "create_guardrail",
    inputSchema: { properties: { checks: { type: "array" } } },
  });
});

describe("live resources", () => {
  test.each([
    ["prompts", "list_prompts", "id", "name"],
    ["prompts", "list_prompts", "slug", "name"],
    ["configs", "list_configs", "slug", "name"],
    ["guardrails", "list_guardrails", "id", "name"],
  ])("portkey://%s is read through its tool, by %s's %s", async (kind, tool, member, wanted) => {
    const item = await fetchFirst(rig, tool);
    rig.events.length = 0;
    const { text } = await read(`portkey://${kind}/${item[member]}`);
    expect(JSON.parse(text)).toHaveProperty(wanted, item[wanted]);
    expect(rig.events).toHaveLength(1);
  });

  test("an id is taken apart as URIs are", async () => {
    await expect(read("portkey://configs/no%20such%2Fthing")).rejects.toThrow();
    expect(rig.seen().at(-1)).toBe("GET /configs/no%20such%2Fthing");
  });

  test("what Portkey does not have is no resource", async () => {
    await expect(read("portkey://prompts/none")).rejects.toMatchObject({ code: "BAD_INPUT", details: { status: 404 } });
  });

  test("another failure stays what it is", async () => {
    const caller = rig.caller({}, { credentials: { workspaceKey: "wrong" } });
    await expect(rig.registry.readResource("portkey://configs/pc-cache", caller, link())).rejects.toMatchObject({
      code: "PORTKEY",
      details: { status: 401 },
    });
  });

  test("the policy holds", async () => {
    rig.seen();
    await expect(read("portkey://prompts/p", { domains: ["configs"] })).rejects.toMatchObject({ code: "NOT_ALLOWED" });
    expect(rig.seen()).toEqual([]);
  });
});

test.each([
  "portkey://nothing",
  "portkey://tools/",
  "portkey://tools/no_such_tool",
  "portkey://prompts",
  "portkey://prompts/a/b",
  "portkey://configs/%E0%A4%A",
  "file:///etc/passwd",
  "portkey://configs/x?y",
  "",
])("%s is refused", async (uri) => {
  rig.seen();
  await expect(read(uri)).rejects.toMatchObject({
    code: "BAD_INPUT",
    message: expect.stringContaining("There is no resource"),
  });
  expect(rig.seen()).toEqual([]);
});

test("a name that is nearly right is told", async () => {
  await expect(read("portkey://tools/get_promt")).rejects.toMatchObject({
    message: expect.stringContaining("portkey://tools/get_prompt"),
  });
});
