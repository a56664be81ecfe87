/**
 * A JSON value to the one JSON-RPC message it must be, reduced to the members that MCP knows; no SDK is loaded for it.
 * Nothing wrong passes: both SDKs drop what they cannot read, and a client would wait for its answer for ever.
 */
import { isObject } from "../catalog/json.ts";
import { RPC } from "./rpc-error.ts";
import { withoutEmptyParams } from "./empty-params.ts";

export type Id = string | number;

/** A JSON-RPC message with the members that MCP knows; params, if any, are an object. */
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
  const known = isId(id) ? id : null;
  if (value["jsonrpc"] !== "2.0") return fault(known, RPC.invalidRequest, 'The message lacks "jsonrpc": "2.0".');
  if (id !== undefined && known === null)
    return fault(null, RPC.invalidRequest, "id: must be a string or a whole number.");

  if (method === undefined) {
    if (known === null || "result" in value === "error" in value)
      return fault(known, RPC.invalidRequest, "The message has neither a method nor a result or error.");
    const { result, error } = value;
    return { kind: "answer", message: { jsonrpc: "2.0", id: known, ...("result" in value ? { result } : { error }) } };
  }
  if (typeof method !== "string") return fault(known, RPC.invalidRequest, "method: must be a string.");
  if (params !== undefined && params !== null && !isObject(params))
    return fault(known, RPC.invalidParams, "params: must be an object.");
  const kept = isObject(params) ? withoutEmptyParams(params) : undefined;
  const wrong = metaProblem(kept?.["_meta"]);
  if (wrong !== undefined) return fault(known, RPC.invalidParams, wrong);
  const message = { jsonrpc: "2.0", method, ...(kept && { params: kept }) } as const;
  return known === null ? { kind: "notification", message } : { kind: "request", message: { ...message, id: known } };
}

/** What MCP says of the members of `_meta` that it defines. */
function metaProblem(meta: unknown): string | undefined {
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
