/** A small registry for the adapters' tests: every member answers with what it was given. */
import { PortkeyMcpError } from "../../src/errors/errors.ts";
import type { Policy } from "../../src/catalog/policy.ts";
import { OPEN_POLICY } from "../../src/catalog/policy/narrow.ts";
import type { Caller, ClientLink, Registry, ToolResult } from "../../src/mcp/registry.ts";

export const POLICY: Policy = { ...OPEN_POLICY, key: "all" };

export const CALLER: Caller = { principal: "local", policy: POLICY, credentials: {} };

/** A caller of this name whose policy has these changes. */
export function callerNamed(principal: string, policy: Partial<Policy> = {}): Caller {
  return { ...CALLER, principal, policy: { ...POLICY, ...policy, key: JSON.stringify(policy) } };
}

/** A tool's behaviour in a test. */
export type Behaviour = (
  args: Readonly<Record<string, unknown>>,
  link: ClientLink,
  caller: Caller,
) => ToolResult | Promise<ToolResult>;

/** A result that is one text. */
export const text = (value: unknown): ToolResult => ({
  content: [{ type: "text", text: typeof value === "string" ? value : JSON.stringify(value) }],
});

/** A registry with these tools, one prompt and one resource. */
export function fakeRegistry(tools: Readonly<Record<string, Behaviour>> = { echo: (args) => text(args) }): Registry {
  const listed = JSON.stringify({
    tools: Object.keys(tools).map((name) => ({
      name,
      description: name,
      inputSchema: { type: "object", properties: {} },
    })),
  });
  return {
    serverInfo: { name: "fake", version: "1.0.0", title: "Fake" },
    instructions: (caller) => `for ${caller.principal}`,
    listTools: () => listed,
    async callTool(name, args, caller, link) {
      const tool = Object.hasOwn(tools, name) ? tools[name] : undefined;
      if (tool === undefined) throw new PortkeyMcpError("UNKNOWN_TOOL", `Unknown tool ${name}.`);
      return tool(args as Readonly<Record<string, unknown>>, link, caller);
    },
    listPrompts: () => ({ prompts: [{ name: "greet", arguments: [{ name: "who", required: true }] }] }),
    getPrompt: async (name, args) => {
      if (name !== "greet") throw new PortkeyMcpError("BAD_INPUT", `Unknown prompt ${name}.`);
      return { messages: [{ role: "user", content: { type: "text", text: `Hello ${args["who"]}` } }] };
    },
    listResources: () => ({ resources: [{ uri: "fake://one", name: "one" }] }),
    listResourceTemplates: () => ({ resourceTemplates: [{ uriTemplate: "fake://{id}", name: "any" }] }),
    readResource: async (uri) => {
      if (!uri.startsWith("fake://")) throw new PortkeyMcpError("BAD_INPUT", `No resource ${uri}.`);
      return { contents: [{ uri, text: "body" }] };
    },
    complete: async ({ argument }) => ({ completion: { values: [`${argument.value}!`], total: 1, hasMore: false } }),
  };
}
