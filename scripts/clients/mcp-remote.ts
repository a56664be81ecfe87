/** mcp-remote: an HTTP server for clients that only start processes. The SDK's client stands on its other side. */
import type { Connection, Target, ClientWorkspace } from "./client.ts";
import { connectSdkV1 } from "./sdk-v1.ts";
import { join } from "node:path";
import { ENVIRONMENT } from "./workspace.ts";

export async function connectMcpRemote(target: Target, workspace: ClientWorkspace): Promise<Connection> {
  if (target.kind !== "http") throw new Error("mcp-remote reaches HTTP servers only");
  const bin = join(workspace.folder, "node_modules", ".bin", "mcp-remote");
  // Its state lies in the workspace, not in the home of whoever runs this.
  const env = {
    ...ENVIRONMENT,
    HOME: join(workspace.folder, "home"),
    MCP_REMOTE_CONFIG_DIR: join(workspace.folder, "home", "mcp-remote"),
  };
  return connectSdkV1(
    {
      kind: "stdio",
      command: process.execPath,
      args: [bin, target.url, "--allow-http", "--transport", "http-only"],
      env,
    },
    workspace,
  );
}
