/**
 * Reads a JSON value as one JSON-RPC message, reduced to the members that MCP defines, without loading an SDK.
 * It answers every invalid message with a fault: both SDKs drop those, and the client would wait for ever.
 */
import { isObject } from "../catalog/json.ts";
import { BOUNDS } from "../errors/bounds.ts";
import { isDeeper } from "../errors/nesting.ts";
import { RPC } from "./rpc-error.ts";
import { withoutEmptyParams } from "./empty-params.ts";

export type Id = string | number;

/** A JSON-RPC message with the members that MCP defines; params, where present, are an object. */
export interface Message {
  readonly jsonrpc: "2.0";
  readonly id?: Id;
  readonly method?: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly result?: unknown;
  readonly error?: unknown;
}

type Request = Message & { readonly id: Id; readonly method: string };
type Notification = Message & { readonly method: string };
type Answer = Message & { readonly id: Id };

export type Received =
  | { readonly kind: "request"; readonly message: Request }
  | { readonly kind: "notification"; readonly message: Notification }
  | { readonly kind: "answer"; readonly message: Answer }
  /** `id` is the request's, where it could be read. */
  | { readonly kind: "fault"; readonly id: Id | null; readonly code: number; readonly text: string };

/** Never throws. */
export function readMessage(value: unknown): Received {
  if (Array.isArray(value))
    return fault(null, RPC.invalidRequest, "Batches are not supported. Send every JSON-RPC message by itself.");
  if (!isObject(value)) return fault(null, RPC.invalidRequest, "This is JSON, but not a JSON-RPC message.");
  const { id, method, params } = value;
  const validId = isId(id) ? id : null;
  if (value["jsonrpc"] !== "2.0") return fault(validId, RPC.invalidRequest, 'The message lacks "jsonrpc": "2.0".');
  if (id !== undefined && validId === null)
    return fault(null, RPC.invalidRequest, "id: must be a string or a whole number.");
  // These two are kept or passed on, and so written again; a call's arguments have a check of their own.
  if ((method === undefined || method === "initialize") && isDeeper(value, BOUNDS.depth))
    return fault(validId, RPC.invalidRequest, `The message is nested deeper than ${BOUNDS.depth} levels.`);

  if (method === undefined) {
    if (validId === null || "result" in value === "error" in value)
      return fault(validId, RPC.invalidRequest, "The message has neither a method nor a result or error.");
    const outcome = "result" in value ? { result: value["result"] } : { error: value["error"] };
    return { kind: "answer", message: { jsonrpc: "2.0", id: validId, ...outcome } };
  }
  if (typeof method !== "string") return fault(validId, RPC.invalidRequest, "method: must be a string.");
  if (params !== undefined && params !== null && !isObject(params))
    return fault(validId, RPC.invalidParams, "params: must be an object.");
  const kept = isObject(params) ? withoutEmptyParams(params) : undefined;
  const metaFault = findMetaFault(kept?.["_meta"]);
  if (metaFault !== undefined) return fault(validId, RPC.invalidParams, metaFault);
  const message = { jsonrpc: "2.0", method, ...(kept && { params: kept }) } as const;
  if (validId === null) return { kind: "notification", message };
  return { kind: "request", message: { ...message, id: validId } };
}

/** What is wrong with those members of `_meta` that MCP defines. */
function findMetaFault(meta: unknown): string | undefined {
  if (meta === undefined) return undefined;
  if (!isObject(meta)) return "params._meta: must be an object.";
  const { progressToken: token, "io.modelcontextprotocol/related-task": task } = meta;
  if (token !== undefined && !isId(token)) return "params._meta.progressToken: must be a string or a whole number.";
  if (task === undefined || (isObject(task) && typeof task["taskId"] === "string")) return undefined;
  return "params._meta: io.modelcontextprotocol/related-task must be an object with a taskId.";
}

function fault(id: Id | null, code: number, text: string): Received {
  return { kind: "fault", id, code, text };
}

export function isId(value: unknown): value is Id {
  return typeof value === "string" || Number.isSafeInteger(value);
}
