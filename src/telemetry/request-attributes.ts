/**
 * The attributes of a client's request, by OpenTelemetry's conventions for MCP (status: Development). Values are from
 * this server's own lists, except for the request's id: no other text of a client is sent.
 */
import { SpanKind, type Attributes } from "@opentelemetry/api";
import { isObject } from "../catalog/json.ts";
import { LEGACY_METHODS, METHODS } from "../mcp/methods.ts";
import { ANSWERED_BY_SDK, type ObservedRequest, type RequestEnd } from "../mcp/observe.ts";

export const SERVER = SpanKind.SERVER;

const KNOWN: ReadonlySet<string> = new Set([
  ...Object.keys(METHODS),
  ...Object.keys(LEGACY_METHODS),
  ...ANSWERED_BY_SDK,
]);
const REVISION = /^20\d\d-[01]\d-[0-3]\d$/;
const MESSAGE_ID = /^[\w.:-]{1,64}$/;

/** The method's name, or `_OTHER` for one that MCP does not define. */
export function methodName({ method }: ObservedRequest): string {
  return KNOWN.has(method) ? method : "_OTHER";
}

/** Attributes with few values, for spans and metrics. */
export function commonAttributes(request: ObservedRequest): Attributes {
  const { wire, revision } = request;
  const method = methodName(request);
  return {
    "mcp.method.name": method,
    ...(method === "tools/call" && { "gen_ai.operation.name": "execute_tool" }),
    ...(revision !== undefined && REVISION.test(revision) && { "mcp.protocol.version": revision }),
    ...(wire && { "network.transport": wire.transport }),
    ...(wire?.http !== undefined && { "network.protocol.name": "http", "network.protocol.version": wire.http }),
  };
}

/** Attributes that differ for each request, for spans only. */
export function ownAttributes({ id, wire }: ObservedRequest): Attributes {
  const text = typeof id === "number" || typeof id === "string" ? String(id) : "";
  return {
    ...(MESSAGE_ID.test(text) && { "jsonrpc.request.id": text }),
    ...(wire?.session !== undefined && { "mcp.session.id": wire.session }),
  };
}

/** Attributes of a request's end, with `error.type` where it failed. */
export function endAttributes(outcome: RequestEnd): Attributes {
  if ("failed" in outcome) {
    const code = String(outcome.failed);
    return { "error.type": code, ...(outcome.failed < 0 && { "rpc.response.status_code": code }) };
  }
  if (!isObject(outcome.result) || outcome.result["isError"] !== true) return {};
  const meta = outcome.result["_meta"];
  const code = isObject(meta) ? meta["portkey/code"] : undefined;
  return { "error.type": "tool_error", ...(typeof code === "string" && { "portkey.error.code": code }) };
}
