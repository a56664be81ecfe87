/** The HTTP server's configuration from an environment of a test's own. */
import { fileURLToPath } from "node:url";
import { expect } from "vitest";
import { PortkeyMcpError } from "../../src/errors/errors.ts";
import { loadHttpConfig } from "../../src/config/http.ts";

export const TOKEN = "abcdefghijklmnop==";
export const OTHER = "ponmlkjihgfedcba";

/** All of the mode's settings but the issuer; any file will do here. */
export const OAUTH_PROXY = {
  MCP_AUTH_MODE: "oauth-proxy",
  MCP_PUBLIC_BASE_URL: "https://mcp.example.com",
  MCP_OAUTH_CLIENT_ID: "portkey-mcp",
  MCP_POLICY_FILE: fileURLToPath(import.meta.url),
};

export type Env = Record<string, string>;
/** The HTTP server's configuration from this environment alone. */
export const load = (env: Env) => loadHttpConfig({ env, flags: {} });

/** The lines with which a start from this environment ends; throws where it would start. */
export function findMistakes(env: Env): string[] {
  try {
    load(env);
  } catch (error) {
    expect(error).toBeInstanceOf(PortkeyMcpError);
    return (error as Error).message.split("\n");
  }
  throw new Error("the configuration was accepted");
}
