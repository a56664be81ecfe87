/** A registry with the conformance suite's fixtures beside its own tools, prompts and resources; for tests only. */
import type { Registry } from "../../src/mcp/registry.ts";
import {
  FIXTURE_PROMPTS,
  FIXTURE_TEMPLATES,
  listFixturePrompts,
  listFixtureResources,
  readFixture,
} from "./fixture-guidance.ts";
import { FIXTURE_TOOLS, listFixtures } from "./fixture-tools.ts";

type Json = Readonly<Record<string, unknown>>;

const also = (list: Json, key: string, more: readonly object[]): Json => ({
  ...list,
  [key]: [...(list[key] as object[]), ...more],
});

/** The registry's own things first, the fixtures behind them. */
export function withFixtures(registry: Registry): Registry {
  return {
    ...registry,
    listTools: (caller) =>
      JSON.stringify(also(JSON.parse(registry.listTools(caller)) as Json, "tools", listFixtures())),
    callTool: async (name, args, caller, link) => {
      const fixture = Object.hasOwn(FIXTURE_TOOLS, name) ? FIXTURE_TOOLS[name] : undefined;
      return fixture === undefined
        ? registry.callTool(name, args, caller, link)
        : fixture.run((args ?? {}) as Json, link);
    },
    listPrompts: (caller) => also(registry.listPrompts(caller), "prompts", listFixturePrompts()),
    getPrompt: async (name, args, caller, link) => {
      const fixture = Object.hasOwn(FIXTURE_PROMPTS, name) ? FIXTURE_PROMPTS[name] : undefined;
      return fixture === undefined
        ? registry.getPrompt(name, args, caller, link)
        : { messages: await fixture.messages(args, link) };
    },
    listResources: (caller) => also(registry.listResources(caller), "resources", listFixtureResources()),
    listResourceTemplates: (caller) =>
      also(registry.listResourceTemplates(caller), "resourceTemplates", FIXTURE_TEMPLATES),
    readResource: async (uri, caller, link) => readFixture(uri) ?? registry.readResource(uri, caller, link),
    complete: async (request, caller, link) =>
      typeof request.ref["name"] === "string" && Object.hasOwn(FIXTURE_PROMPTS, request.ref["name"])
        ? { completion: { values: ["paris", "park", "party"], total: 3, hasMore: false } }
        : registry.complete(request, caller, link),
    watch: () => undefined,
  };
}
