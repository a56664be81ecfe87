/**
 * A parsed body to the one JSON-RPC message it must be, reduced to the members that MCP knows.
 */
import { isJSONRPCRequest, type JSONRPCNotification, type JSONRPCRequest, type JSONRPCResponse } from "@modelcontextprotocol/sdk/types.js";
import { RPC } from "../../mcp/rpc-error.ts";
import type { RpcId } from "../json-rpc.ts";
import { LegacyRefusal } from "./legacy-refusal.ts";

export type Incoming =
  | { readonly kind: "request"; readonly message: JSONRPCRequest }
  | { readonly kind: "notification"; readonly message: JSONRPCNotification }
  | { readonly kind: "answer"; readonly message: JSONRPCResponse };

/** Throws LegacyRefusal 400. */
export function readMessage(body: unknown): Incoming {
  if (Array.isArray(body)) return refuse("Batches are not supported. Send one JSON-RPC message per POST.");
  if (!isObject(body)) return refuse("The body is not a JSON-RPC message.");
  const { jsonrpc, id, method, params } = body;
  if (jsonrpc !== "2.0") return refuse('The message lacks "jsonrpc": "2.0".');
  if (id !== undefined && !isId(id)) return refuse("id: must be a string or a whole number.");

  if (method === undefined) {
    if (!isId(id) || "result" in body === "error" in body) return refuse("The message has neither a method nor a result or error.");
    const { result, error } = body;
    return { kind: "answer", message: { jsonrpc, id, ...("result" in body ? { result } : { error }) } as JSONRPCResponse };
  }
  if (typeof method !== "string") return refuse("method: must be a string.");
  if (params !== undefined && params !== null && !isObject(params)) return refuse("params: must be an object.", RPC.invalidParams);
  const message = { jsonrpc, method, ...(isObject(params) && { params }) };
  if (!isId(id)) return { kind: "notification", message: message as JSONRPCNotification };
  const request = { ...message, id };
  // What the SDK does not take for a request it drops without an answer.
  if (!isJSONRPCRequest(request)) return refuse("params._meta: is not what MCP defines.", RPC.invalidParams);
  return { kind: "request", message: request };
}

function refuse(message: string, code: number = RPC.invalidRequest): never {
  throw new LegacyRefusal(400, code, message);
}

function isId(value: unknown): value is Exclude<RpcId, null> {
  return typeof value === "string" || Number.isSafeInteger(value);
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
