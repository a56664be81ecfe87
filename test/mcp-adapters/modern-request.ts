/** Requests of 2026-07-28 as a client sends them: envelope in `_meta`, method and name in headers. */

export const REVISION = "2026-07-28";

export interface Sent {
  readonly request: Request;
  readonly body: Record<string, unknown>;
}

/** The `_meta` that each request of 2026-07-28 has. */
export function envelope(capabilities: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    "io.modelcontextprotocol/protocolVersion": REVISION,
    "io.modelcontextprotocol/clientInfo": { name: "test", version: "1" },
    "io.modelcontextprotocol/clientCapabilities": capabilities,
  };
}

/** The POST of one request; `params._meta` is merged over the envelope. */
export function modernRequest(
  method: string,
  params: Readonly<Record<string, unknown>> = {},
  capabilities: Readonly<Record<string, unknown>> = {},
  init: { readonly headers?: Readonly<Record<string, string>>; readonly signal?: AbortSignal } = {},
): Sent {
  const body = {
    jsonrpc: "2.0",
    id: 1,
    method,
    params: { ...params, _meta: { ...envelope(capabilities), ...(params["_meta"] as object) } },
  };
  const name = params["name"] ?? params["uri"];
  const request = new Request("http://localhost/mcp", {
    method: "POST",
    headers: {
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
      "mcp-protocol-version": REVISION,
      "mcp-method": method,
      ...(typeof name === "string" && { "mcp-name": name }),
      ...init.headers,
    },
    ...(init.signal && { signal: init.signal }),
    body: JSON.stringify(body),
  });
  return { request, body };
}
