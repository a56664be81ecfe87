/**
 * Refuses calls while the audit cannot record them, where MCP_AUDIT_OVERFLOW is refuse. Running calls are not affected;
 * their lines wait.
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
