/**
 * A typed client for Portkey's Admin API, for programs: `import { createPortkeyClient } from "portkey-admin-
 * mcp/client"`.
 */
import createClient, { type Client } from "openapi-fetch";
import type { paths } from "../generated/portkey/types.ts";

export type { paths, components, operations } from "../generated/portkey/types.ts";

export interface PortkeyClientOptions {
  /** A workspace or admin key; each operation says in the documentation which it needs. */
  readonly apiKey: string;
  /** The API's address, up to and with its version. */
  readonly baseUrl?: string;
  readonly fetch?: (request: Request) => Promise<Response>;
}

/**
 * openapi-fetch over Portkey's paths: `client.GET("/prompts/{promptId}", { params: { path: { promptId } } })` resolves
 * with `{ data, error, response }`. It does not retry, and it follows no redirects, because the key would go along.
 * Operations that Portkey serves elsewhere (model pricing, the MCP registry) take `baseUrl` in their own options.
 */
export function createPortkeyClient({
  apiKey,
  baseUrl = "https://api.portkey.ai/v1",
  fetch,
}: PortkeyClientOptions): Client<paths> {
  return createClient<paths>({
    baseUrl,
    redirect: "manual",
    headers: { "x-portkey-api-key": apiKey, accept: "application/json" },
    ...(fetch && { fetch }),
  });
}
