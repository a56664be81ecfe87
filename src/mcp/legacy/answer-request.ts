/**
 * The answer to one request of the legacy revisions, whoever carries the messages: the SDK's server, or the HTTP
 * endpoint itself. Free of the SDK.
 */
import type { Json } from "../../catalog/json.ts";
import { BOUNDS } from "../../errors/bounds.ts";
import { clip } from "../../errors/clip.ts";
import { PortkeyMcpError } from "../../errors/errors.ts";
import { LEGACY_METHODS, METHODS, type MethodContext } from "../methods.ts";
import { observe } from "../observe.ts";
import { progressOf } from "../progress.ts";
import type { Caller, ClientLink, Registry } from "../registry.ts";
import { RPC, RpcError, toRpcError } from "../rpc-error.ts";

export interface LegacyRequest {
  readonly id: unknown;
  readonly method: string;
  readonly params: Json;
  readonly caller: Caller;
  /** The revision that was agreed on, for whoever watches. */
  readonly revision?: string | undefined;
  /** Aborts when the client cancels the request, or has gone. */
  readonly signal: AbortSignal;
  /** Aborts `signal`. */
  readonly abort?: (reason: Error) => void;
  /** Sends a notification that belongs to the request. Never throws. */
  readonly notify: (method: "notifications/progress" | "notifications/message", params: Json) => void;
  /** What the client declared that it can be asked. */
  readonly questions?: Pick<ClientLink, "elicit" | "sample" | "roots">;
  /** Whether the client wants lines of this level; default: all. */
  readonly wantsLevel?: (level: string) => boolean;
}

/** Unexpected errors: defects. The client gets a plain -32603. */
export type OnUnexpected = (error: unknown, method: string) => void;

const HANDLED_METHODS = new Map(Object.entries({ ...METHODS, ...LEGACY_METHODS }));

/** The result of a request. Rejects with RpcError and nothing else. */
export function answerRequest(registry: Registry, request: LegacyRequest, onUnexpected?: OnUnexpected): Promise<Json> {
  const { id, method, params, caller, revision } = request;
  const observed = { method, id, meta: params["_meta"], revision, wire: caller.wire };
  return observe(registry, observed, (span) => {
    const link = linkOf(request, registry.serverInfo.name);
    const context = { params, registry, caller, link: span ? { ...link, span } : link };
    return answerMethod(method, context, onUnexpected);
  });
}

async function answerMethod(name: string, context: MethodContext, onUnexpected?: OnUnexpected): Promise<Json> {
  const method = HANDLED_METHODS.get(name);
  if (method === undefined) throw new RpcError(RPC.methodNotFound, "Method not found");
  try {
    return await method(context);
  } catch (error) {
    const answer = toRpcError(error, (cause) => onUnexpected?.(cause, name));
    if (name === "resources/read" && error instanceof PortkeyMcpError && answer.code === RPC.invalidParams)
      throw new RpcError(
        RPC.resourceNotFound,
        answer.message,
        { uri: clip(String(context.params["uri"]), BOUNDS.echo) },
        { cause: error },
      );
    throw answer;
  }
}

/** What the client can do for the request, as the registry sees it. */
function linkOf({ params, signal, abort, notify, questions, wantsLevel }: LegacyRequest, logger: string): ClientLink {
  const token = (params["_meta"] as { readonly progressToken?: string | number } | undefined)?.progressToken;
  const log: ClientLink["log"] = (level, data) => {
    if (wantsLevel === undefined || wantsLevel(level)) notify("notifications/message", { level, logger, data });
  };
  const link = { signal, ...(abort && { abort }), log, ...questions };
  if (token === undefined) return link;
  return { ...link, progress: progressOf(token, (step) => notify("notifications/progress", { ...step })) };
}
