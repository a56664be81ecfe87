/**
 * Calls are made only while they can be recorded, where MCP_AUDIT_OVERFLOW is refuse. A call that runs already ends
 * as it would, and its line waits for room.
 */
import type { Registry } from "../../mcp/registry.ts";
import { RPC, RpcError } from "../../mcp/rpc-error.ts";
import type { Audit } from "./audit.ts";

export function requireAudit(registry: Registry, { blockedBy }: Pick<Audit, "blockedBy">): Registry {
  return {
    ...registry,
    async callTool(name, args, caller, link) {
      const place = blockedBy();
      if (place !== undefined) {
        throw new RpcError(
          RPC.server,
          `The audit cannot be written to ${place}, and no call is made without it (MCP_AUDIT_OVERFLOW=refuse). ` +
            "Nothing was sent. Try again later.",
        );
      }
      return registry.callTool(name, args, caller, link);
    },
  };
}
