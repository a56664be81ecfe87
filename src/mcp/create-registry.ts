/**
 * Puts the registry together: the one interface that both eras' adapters and every transport serve.
 */
import { createRecentCache } from "../catalog/recent-cache.ts";
import type { Policy } from "../catalog/policy.ts";
import { createCallTool } from "./tools/call-tool.ts";
import { PORTKEY } from "../portkey/product.ts";
import { NO_GUIDANCE } from "./guidance/no-guidance.ts";
import type { RegistryParts } from "./parts.ts";
import type { Registry, ToolResult } from "./registry.ts";

/** Stateless and safe to share between callers: who calls is part of every request. */
export function createRegistry(parts: RegistryParts): Registry {
  const { builtInTools, guidance = NO_GUIDANCE, sandbox = false, product = PORTKEY } = parts;
  const callTool = createCallTool(parts);
  const tools = toolsLister(parts);

  return {
    ...guidance,
    ...(parts.observer && { observer: parts.observer }),
    serverInfo: {
      name: sandbox ? "portkey-admin-mcp-sandbox" : "portkey-admin-mcp",
      title: `${product.name} Admin${sandbox ? " (sandbox)" : ""}`,
      version: sandbox ? `${parts.version}-sandbox` : parts.version,
    },
    listTools: ({ policy }) => tools(policy),
    async callTool(name, args, caller, link): Promise<ToolResult> {
      if (builtInTools?.has(name) !== true) return callTool(name, args, caller, link);
      link.span?.tool(name);
      const result = await builtInTools.call({ name, args, caller, link }, callTool);
      return sandbox ? { ...result, _meta: { ...result._meta, sandbox: true } } : result;
    },
  };
}

/** The tools/list result as text, serialised once for each policy in use. */
function toolsLister({ catalogue, builtInTools }: RegistryParts): (policy: Policy) => string {
  const recent = createRecentCache<string>();
  return (policy) =>
    recent(policy.key, () => {
      const builtIn = builtInTools?.list(policy) ?? { entries: [], exclusive: false };
      const lists = [JSON.stringify(builtIn.entries), builtIn.exclusive ? "[]" : catalogue.list(policy)];
      return `{"tools":[${lists
        .map((list) => list.slice(1, -1))
        .filter(Boolean)
        .join(",")}]}`;
    });
}
