/** Creates the registry: the one interface that the adapters of both eras and every transport serve. */
import { createRecentCache } from "../catalog/recent-cache.ts";
import type { Policy } from "../catalog/policy.ts";
import { createCallTool } from "./tools/call-tool.ts";
import { PORTKEY } from "../portkey/product.ts";
import { NO_GUIDANCE } from "./guidance/no-guidance.ts";
import type { RegistryParts } from "./parts.ts";
import type { Registry, ToolResult } from "./registry.ts";

/** The registry is stateless: callers may share it, since each request brings its caller. */
export function createRegistry(parts: RegistryParts): Registry {
  const { builtInTools, guidance = NO_GUIDANCE, sandbox = false, product = PORTKEY } = parts;
  const callTool = createCallTool(parts);
  const listTools = createToolsLister(parts);

  return {
    ...guidance,
    ...(parts.observer && { observer: parts.observer }),
    serverInfo: {
      name: sandbox ? "portkey-admin-mcp-sandbox" : "portkey-admin-mcp",
      title: `${product.name} Admin${sandbox ? " (sandbox)" : ""}`,
      version: sandbox ? `${parts.version}-sandbox` : parts.version,
    },
    listTools: ({ policy }) => listTools(policy),
    async callTool(name, args, caller, link): Promise<ToolResult> {
      if (builtInTools?.has(name) !== true) return callTool(name, args, caller, link);
      link.span?.tool(name);
      const result = await builtInTools.call({ name, args, caller, link }, callTool);
      return sandbox ? { ...result, _meta: { ...result._meta, sandbox: true } } : result;
    },
  };
}

/** Returns a function for the tools/list result as JSON text, which it serialises once for each policy in use. */
function createToolsLister({ catalogue, builtInTools }: RegistryParts): (policy: Policy) => string {
  const recent = createRecentCache<string>();
  return (policy) =>
    recent(policy.key, () => {
      const builtIn = builtInTools?.list(policy) ?? { entries: [], exclusive: false };
      const lists = [JSON.stringify(builtIn.entries), builtIn.exclusive ? "[]" : catalogue.list(policy)];
      const entries = lists.map((list) => list.slice(1, -1)).filter((text) => text !== "");
      return `{"tools":[${entries.join(",")}]}`;
    });
}
