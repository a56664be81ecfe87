/**
 * tools/list without any SDK in the way: where a request is plainly valid, the registry's bytes are the answer's body.
 * Whatever is not plain (a cursor, a session, odd headers) is left to the endpoint that knows the protocol in full.
 */
import type { FastifyRequest } from "fastify";
import { listBytes } from "../../mcp/list-bytes.ts";
import { observeSync } from "../../mcp/observe.ts";
import type { Caller, Registry } from "../../mcp/registry.ts";
import { methodOf } from "./json-rpc.ts";

/** The legacy revisions a stateless request may name. */
const LEGACY_REVISIONS: ReadonlySet<string | undefined> = new Set([
  "2025-11-25",
  "2025-06-18",
  "2025-03-26",
  undefined,
]);

type Body = { readonly jsonrpc?: unknown; readonly id?: unknown; readonly params?: Readonly<Record<string, unknown>> };

/** The whole answer to a stateless legacy request, or undefined where it is not plain. */
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

/** A request for the list that `isPlainList` has found to be one. */
export type PlainList = { readonly id: string | number; readonly params?: Readonly<Record<string, unknown>> };

/** The answer to it, whole. */
export function plainListAnswer({ id, params }: PlainList, caller: Caller, registry: Registry): Buffer {
  const { wire } = caller;
  const observed = { method: "tools/list", id, meta: params?.["_meta"], revision: wire?.revision, wire };
  return observeSync(registry, observed, () =>
    listBytes(registry.listTools(caller), `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":`, "}}"),
  );
}

/** A JSON-RPC request for the list with nothing in its parameters but `_meta`. */
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
