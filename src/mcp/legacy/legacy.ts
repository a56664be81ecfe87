/**
 * The legacy revisions (2024-11-05 to 2025-11-25) over @modelcontextprotocol/sdk's low-level Server: one per session
 * over HTTP, one per process over stdio. It holds no state but what the client declared and its log level.
 * No transport, no sessions, no authentication: whoever connects it decides who the caller is.
 */
import { Server } from "@modelcontextprotocol/sdk/server/index.js";
import type { RequestHandlerExtra } from "@modelcontextprotocol/sdk/shared/protocol.js";
import {
  CreateMessageResultSchema,
  ElicitResultSchema,
  ListRootsResultSchema,
  SetLevelRequestSchema,
  type ClientCapabilities,
  type CreateMessageRequest,
  type ElicitRequest,
  type LoggingLevel,
  type ServerNotification,
  type ServerRequest,
} from "@modelcontextprotocol/sdk/types.js";
import { PortkeyMcpError } from "../../errors/errors.ts";
import { legacyCapabilities } from "./legacy-initialize.ts";
import type { Json } from "../../catalog/json.ts";
import { LEGACY_METHODS, METHODS, type MethodContext } from "../methods.ts";
import { observe } from "../observe.ts";
import { progressOf } from "../progress.ts";
import type { Caller, ClientLink, ElicitOutcome, Registry } from "../registry.ts";
import { RPC, RpcError, toRpcError } from "../rpc-error.ts";

export type LegacyExtra = RequestHandlerExtra<ServerRequest, ServerNotification>;

export interface LegacyOptions {
  /**
   * Who makes this request, where one server serves several requests of one principal; default: the server's caller.
   */
  readonly callerOf?: (extra: LegacyExtra) => Caller | undefined;
  /** Unexpected errors: defects. The client gets a plain -32603. */
  readonly unexpected?: (error: unknown, method: string) => void;
  /** The revision that was agreed on, for whoever watches; default: what the caller's wire says. */
  readonly revision?: string | undefined;
}

const HANDLED_METHODS = new Map(Object.entries({ ...METHODS, ...LEGACY_METHODS }));

/** How long an answer may take at most. Whoever asks a person ends the question sooner (MCP_ELICIT_TIMEOUT_MS). */
const ANSWER_TIMEOUT_MS = 3_600_000;

/** How long the client's model may take. */
const SAMPLING_TIMEOUT_MS = 600_000;

/** Least to most severe, as MCP orders them. */
const LEVELS: readonly string[] = ["debug", "info", "notice", "warning", "error", "critical", "alert", "emergency"];

/** A server ready for `connect(transport)`; the capabilities and instructions are those of `owner`. */
export function createLegacyServer(registry: Registry, owner: Caller, options: LegacyOptions = {}): Server {
  const server = new Server(
    { ...registry.serverInfo },
    {
      capabilities: legacyCapabilities(registry),
      instructions: registry.instructions(owner),
    },
  );
  let leastSevere = 0;
  server.setRequestHandler(SetLevelRequestSchema, (request) => {
    leastSevere = LEVELS.indexOf(request.params.level);
    return {};
  });
  server.fallbackRequestHandler = async (request, extra) => {
    const caller = options.callerOf?.(extra) ?? owner;
    const { method, params = {} } = request;
    const { wire } = caller;
    const revision = options.revision ?? wire?.revision;
    const observedRequest = { method, id: wire?.id ?? extra.requestId, meta: params["_meta"], revision, wire };
    return observe(registry, observedRequest, (span) => {
      const link = linkOf(server, extra, registry.serverInfo.name, (level) => LEVELS.indexOf(level) >= leastSevere);
      return answerRequest({ method, params, registry, caller, link: span ? { ...link, span } : link }, options);
    });
  };
  return server;
}

/** The result of a request. Throws RpcError and nothing else. */
async function answerRequest(
  { method: name, ...context }: MethodContext & { readonly method: string },
  { unexpected }: LegacyOptions,
): Promise<Json> {
  const method = HANDLED_METHODS.get(name);
  if (method === undefined) throw new RpcError(RPC.methodNotFound, "Method not found");
  try {
    return await method(context);
  } catch (error) {
    const answer = toRpcError(error, (cause) => unexpected?.(cause, name));
    if (name === "resources/read" && error instanceof PortkeyMcpError && answer.code === RPC.invalidParams)
      throw new RpcError(RPC.resourceNotFound, answer.message, { uri: context.params["uri"] }, { cause: error });
    throw answer;
  }
}

/** What the client can do for a request, as the registry sees it; a stateless request declared nothing. */
function linkOf(server: Server, extra: LegacyExtra, logger: string, wanted: (level: string) => boolean): ClientLink {
  const token = extra._meta?.progressToken;
  return {
    signal: extra.signal,
    ...(token !== undefined && {
      progress: progressOf(token, (params) =>
        quietly(extra.sendNotification({ method: "notifications/progress", params })),
      ),
    }),
    ...questionsOf(server.getClientCapabilities(), extra),
    log: (level, data) => {
      if (!wanted(level)) return;
      const params = { level: level as LoggingLevel, logger, data };
      quietly(extra.sendNotification({ method: "notifications/message", params }));
    },
  };
}

/** What the client declared at initialize that it can be asked. */
function questionsOf(
  declared: ClientCapabilities | undefined,
  { signal, sendRequest }: LegacyExtra,
): Pick<ClientLink, "elicit" | "sample" | "roots"> {
  return {
    ...(declared?.elicitation?.form && {
      elicit: (message, requestedSchema, _key, ended) => {
        // Clients before 2025-11-25 know no `mode` and take a form for granted; so do the newer ones without it.
        const params = { message, requestedSchema } as ElicitRequest["params"];
        return sendRequest({ method: "elicitation/create", params }, ElicitResultSchema, {
          signal: ended === undefined ? signal : AbortSignal.any([signal, ended]),
          timeout: ANSWER_TIMEOUT_MS,
        }) as Promise<ElicitOutcome>;
      },
    }),
    ...(declared?.sampling && {
      sample: (params) =>
        sendRequest(
          { method: "sampling/createMessage", params: params as CreateMessageRequest["params"] },
          CreateMessageResultSchema,
          { signal, timeout: SAMPLING_TIMEOUT_MS },
        ),
    }),
    ...(declared?.roots && {
      roots: () => sendRequest({ method: "roots/list" }, ListRootsResultSchema, { signal }),
    }),
  };
}

/** A notification to a client that has gone is lost on purpose: the call's own end says what happened. */
function quietly(sent: Promise<void>): void {
  sent.catch(() => undefined);
}
