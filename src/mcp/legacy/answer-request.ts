/**
 * Answers one request of the legacy revisions, without the SDK. The SDK's server and the HTTP endpoint's own servers
 * both use it.
 */
import type { Json } from "../../catalog/json.ts";
import { BOUNDS } from "../../errors/bounds.ts";
import { clip } from "../../errors/clip.ts";
import { PortkeyMcpError } from "../../errors/errors.ts";
import { LEGACY_METHODS, METHODS, type MethodContext } from "../methods.ts";
import { observe } from "../observe.ts";
import { createProgress } from "../progress.ts";
import type { Caller, ClientLink, Registry } from "../registry.ts";
import { RPC, RpcError, toRpcError } from "../rpc-error.ts";

export interface LegacyRequest {
  readonly id: unknown;
  readonly method: string;
  readonly params: Json;
  readonly caller: Caller;
  /** The negotiated revision, for the observer. */
  readonly revision?: string | undefined;
  /** Aborts when the client cancels the request or disconnects. */
  readonly signal: AbortSignal;
  /** Aborts `signal`. */
  readonly abort?: (reason: Error) => void;
  /** Sends a notification that belongs to the request. Never throws. */
  readonly notify: (method: "notifications/progress" | "notifications/message", params: Json) => void;
  /** The requests that the client accepts by its declared capabilities. */
  readonly questions?: Pick<ClientLink, "elicit" | "sample" | "roots">;
  /** Whether the client wants log messages of this level; default: all. */
  readonly wantsLevel?: (level: string) => boolean;
}

/** Called for unexpected errors, for which the client gets -32603 without their text. */
export type OnUnexpected = (error: unknown, method: string) => void;

const HANDLED_METHODS = new Map(Object.entries({ ...METHODS, ...LEGACY_METHODS }));

/** The result of a request. Rejects with RpcError and nothing else. */
export function answerRequest(registry: Registry, request: LegacyRequest, onUnexpected?: OnUnexpected): Promise<Json> {
  const { id, method, params, caller, revision } = request;
  const observed = { method, id, meta: params["_meta"], revision, wire: caller.wire };
  return observe(registry, observed, (span) => {
    const link = createLink(request, registry.serverInfo.name);
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

/** The link to the client, as the registry gets it. */
function createLink(
  { params, signal, abort, notify, questions, wantsLevel }: LegacyRequest,
  logger: string,
): ClientLink {
  const token = (params["_meta"] as { readonly progressToken?: string | number } | undefined)?.progressToken;
  const log: ClientLink["log"] = (level, data) => {
    if (wantsLevel === undefined || wantsLevel(level)) notify("notifications/message", { level, logger, data });
  };
  const link = { signal, ...(abort && { abort }), log, ...questions };
  if (token === undefined) return link;
  return { ...link, progress: createProgress(token, (step) => notify("notifications/progress", { ...step })) };
}
