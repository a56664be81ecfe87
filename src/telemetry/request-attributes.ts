/**
 * What a span says of a client's request, by OpenTelemetry's conventions for MCP (status: Development). Names are of
 * this server's own lists: nothing that a client writes stands here but the id of its message.
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

/** The method's name, or `_OTHER` for one that is none of MCP's. */
export function methodName({ method }: ObservedRequest): string {
  return KNOWN.has(method) ? method : "_OTHER";
}

/** Of few values, so that metrics may have them too. */
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

/** What tells one request from another. */
export function ownAttributes({ id, wire }: ObservedRequest): Attributes {
  const text = typeof id === "number" || typeof id === "string" ? String(id) : "";
  return {
    ...(MESSAGE_ID.test(text) && { "jsonrpc.request.id": text }),
    ...(wire?.session !== undefined && { "mcp.session.id": wire.session }),
  };
}

/** The attributes of how it ended; `error.type` among them where it failed. */
export function endAttributes(how: RequestEnd): Attributes {
  if ("failed" in how) {
    const code = String(how.failed);
    return { "error.type": code, ...(how.failed < 0 && { "rpc.response.status_code": code }) };
  }
  if (!isObject(how.result) || how.result["isError"] !== true) return {};
  const meta = how.result["_meta"];
  const code = isObject(meta) ? meta["portkey/code"] : undefined;
  return { "error.type": "tool_error", ...(typeof code === "string" && { "portkey.error.code": code }) };
}
