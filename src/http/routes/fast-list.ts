/**
 * Answers plain tools/list requests directly with the registry's bytes, without an SDK.
 * Other ones, with a cursor, a session or unusual headers, are left to the endpoint.
 */
import type { FastifyRequest } from "fastify";
import { listBytes } from "../../mcp/list-bytes.ts";
import { observeSync } from "../../mcp/observe.ts";
import type { Caller, Registry } from "../../mcp/registry.ts";
import { methodOf } from "./json-rpc.ts";

/** The legacy revisions that a stateless request may name. */
const LEGACY_REVISIONS: ReadonlySet<string | undefined> = new Set([
  "2025-11-25",
  "2025-06-18",
  "2025-03-26",
  undefined,
]);

type Body = { readonly jsonrpc?: unknown; readonly id?: unknown; readonly params?: Readonly<Record<string, unknown>> };

/** The response body for a plain stateless request of the legacy era; undefined for any other request. */
export function legacyToolsList(request: FastifyRequest, caller: Caller, registry: Registry): Buffer | undefined {
  const { headers } = request;
  if (request.method !== "POST" || !isPlainList(request.body)) return undefined;
  if (
    headers["mcp-session-id"] !== undefined ||
    !LEGACY_REVISIONS.has(headers["mcp-protocol-version"] as string | undefined)
  )
    return undefined;
  const accept = headers.accept ?? "";
  if (!accept.includes("application/json") || !accept.includes("text/event-stream")) return undefined;
  return plainListAnswer(request.body, caller, registry);
}

/** The body of a plain tools/list request, as `isPlainList` checks it. */
export type PlainList = { readonly id: string | number; readonly params?: Readonly<Record<string, unknown>> };

/** The response body for a plain tools/list request. */
export function plainListAnswer({ id, params }: PlainList, caller: Caller, registry: Registry): Buffer {
  const { wire } = caller;
  const observed = { method: "tools/list", id, meta: params?.["_meta"], revision: wire?.revision, wire };
  return observeSync(registry, observed, () =>
    listBytes(registry.listTools(caller), `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":`, "}}"),
  );
}

/** Whether a body is a tools/list request with no parameters but `_meta`. */
export function isPlainList(body: unknown): body is PlainList {
  if (methodOf(body) !== "tools/list") return false;
  const { jsonrpc, id, params } = body as Body;
  if (jsonrpc !== "2.0" || (typeof id !== "string" && !Number.isSafeInteger(id))) return false;
  if (params === undefined) return true;
  return (
    typeof params === "object" &&
    params !== null &&
    !Array.isArray(params) &&
    Object.keys(params).every((key) => key === "_meta")
  );
}
