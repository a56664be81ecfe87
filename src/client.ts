/**
 * A typed client for Portkey's Admin API, for programs: `import { createPortkeyClient } from "portkey-admin-
 * mcp/client"`.
 */
import createClient, { type Client, type Middleware } from "openapi-fetch";
import type { components, paths } from "../generated/portkey/types.ts";

export type { paths, components, operations } from "../generated/portkey/types.ts";

export interface PortkeyClientOptions {
  /** A workspace or admin key; each operation says in the documentation which it needs. */
  readonly apiKey: string;
  /** The API's address, up to and with its version. */
  readonly baseUrl?: string;
  readonly fetch?: (request: Request) => Promise<Response>;
}

/** The body of an error answer. */
export type PortkeyRefusal = components["schemas"]["ErrorAnswer"];

/** The answers of which something is read: where the documents say nothing of a refusal, its `default` holds. */
type Said<Answers> = {
  [Status in keyof Answers as IsSilentRefusal<Status, Answers[Status]> extends true ? never : Status]: Answers[Status];
};
type IsSilentRefusal<Status, Answer> = `${Status & (string | number)}` extends `2${string}`
  ? false
  : Answer extends { content: unknown }
    ? false
    : true;
type WithSaid<Operation> = Operation extends { responses: infer Answers }
  ? Omit<Operation, "responses"> & { responses: Said<Answers> }
  : Operation;

/** Portkey's paths, with an `error` that is always there where a request was refused. */
export type PortkeyPaths = {
  [Path in keyof paths]: { [Method in keyof paths[Path]]: WithSaid<paths[Path][Method]> };
};
export type PortkeyClient = Client<PortkeyPaths>;

/**
 * openapi-fetch over Portkey's paths: `client.GET("/prompts/{promptId}", { params: { path: { promptId } } })` resolves
 * with `{ data, error, response }`; after `if (error) throw …`, `data` is the answer. It does not retry, and it follows
 * no redirects, because the key would go along. Operations that Portkey serves elsewhere (model pricing, the MCP
 * registry) take `baseUrl` in their own options.
 */
export function createPortkeyClient({
  apiKey,
  baseUrl = "https://api.portkey.ai/v1",
  fetch,
}: PortkeyClientOptions): PortkeyClient {
  const client = createClient<PortkeyPaths>({
    baseUrl,
    redirect: "manual",
    headers: { "x-portkey-api-key": apiKey, accept: "application/json" },
    ...(fetch && { fetch }),
  });
  client.use(SAY_REFUSALS);
  return client;
}

/** openapi-fetch's `error` is what the body held: nothing, as if nothing had been refused, or a balancer's page. */
const SAY_REFUSALS: Middleware = {
  async onResponse({ response }) {
    const { ok, status } = response;
    if (ok || status === NOT_MODIFIED) return undefined;
    const text = await response.clone().text();
    if (isJsonObject(text)) return undefined;
    const message = text.trim() === "" ? `Status ${status} without a body.` : text.trim();
    const refusal: PortkeyRefusal = { success: false, data: { message } };
    const headers = new Headers(response.headers);
    for (const name of ["content-length", "content-encoding", "transfer-encoding"]) headers.delete(name);
    return new Response(JSON.stringify(refusal), { status, statusText: response.statusText, headers });
  },
};

/** An answer of this status cannot have a body, and nothing here asks for it. */
const NOT_MODIFIED = 304;

function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null;
  } catch {
    return false;
  }
}
