/**
 * The suite's fixtures are the test's own: the product lists none of them, and has nothing the suite could mistake for
 * one.
 */
import { describe, expect, it } from "vitest";
import { createPolicy } from "../../src/catalog/create-policy.ts";
import { loadCatalogue } from "../main-catalogue.ts";
import { assembleRegistry } from "../../src/cli/assemble-registry.ts";
import { silentLog as log } from "../../src/log/log.ts";
import type { Caller } from "../../src/mcp/registry.ts";
import { FIXTURE_PROMPTS } from "./fixture-guidance.ts";
import { FIXTURE_TOOLS } from "./fixture-tools.ts";
import { withFixtures } from "./with-fixtures.ts";

const credentials = { workspaceKey: "pk-test" };
const policy = createPolicy();
const caller: Caller = { principal: "local", policy, credentials };
const catalogue = loadCatalogue();
const base = "http://127.0.0.1:1";
const config = {
  bases: { control: base, gateway: base, public: base, registry: base },
  credentials,
  timeoutMs: 1,
  maxRetries: 0,
  maxResultBytes: 1,
  unknownFields: "send" as const,
  policy,
  sandbox: false,
  logLevel: "silent" as const,
  composites: {},
};
const product = assembleRegistry({ config, catalogue, log });

const names = (list: unknown, key: string) =>
  ((list as Record<string, { name: string }[]>)[key] ?? []).map(({ name }) => name);
const tools = (registry: typeof product) => names(JSON.parse(registry.listTools(caller)), "tools");
/**
 * What the suite asks for by name, as far as that can be told from a name, and the tools of Portkey's that look like
 * it.
 */
const LIKE_A_FIXTURE = /^(test_|json_schema_2020_12)/;
const PORTKEYS = ["test_agent_server", "test_mcp_integration", "test_mcp_server"];

describe("the product", () => {
  it("lists no tool of the conformance suite", () => {
    expect(tools(product).filter((name) => LIKE_A_FIXTURE.test(name))).toEqual(PORTKEYS);
    expect(tools(product).filter((name) => Object.hasOwn(FIXTURE_TOOLS, name))).toEqual([]);
  });

  it("lists no prompt or resource of the conformance suite", () => {
    expect(
      names(product.listPrompts(caller), "prompts").filter(
        (name) => Object.hasOwn(FIXTURE_PROMPTS, name) || LIKE_A_FIXTURE.test(name),
      ),
    ).toEqual([]);
    expect(JSON.stringify([product.listResources(caller), product.listResourceTemplates(caller)])).not.toContain(
      "test://",
    );
    expect(product.watch).toBeUndefined();
  });

  it.each(Object.keys(FIXTURE_TOOLS))("does not know the fixture %s either", async (name) => {
    const call = product.callTool(name, {}, caller, { signal: new AbortController().signal });
    await expect(call).rejects.toMatchObject({ code: "UNKNOWN_TOOL" });
  });
});

describe("the suite's server", () => {
  it("has every tool of the product and every fixture", () => {
    expect(tools(withFixtures(product))).toEqual([...tools(product), ...Object.keys(FIXTURE_TOOLS)]);
  });
});
