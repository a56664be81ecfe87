/**
 * The legacy revisions (2024-11-05 to 2025-11-25) with the low-level Server of @modelcontextprotocol/sdk.
 * Over HTTP, clients that declared the same share one; over stdio there is one for each process. Its only state is what
 * the client declared, and its log level.
 * It has no transport, sessions or authentication: the code that connects it decides who the caller is.
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
  type ServerNotification,
  type ServerRequest,
} from "@modelcontextprotocol/sdk/types.js";
import type { Caller, ClientLink, ElicitOutcome, Registry } from "../registry.ts";
import { answerRequest, type LegacyRequest, type OnUnexpected } from "./answer-request.ts";
import { legacyCapabilities } from "./legacy-initialize.ts";

export type LegacyExtra = RequestHandlerExtra<ServerRequest, ServerNotification>;

export interface LegacyOptions {
  /** The caller of a request, where several callers share a server; default: the server's owner. */
  readonly callerOf?: (extra: LegacyExtra) => Caller | undefined;
  readonly onUnexpected?: OnUnexpected;
  /** The negotiated revision, for the observer; default: that of the caller's `wire`. */
  readonly revision?: string | undefined;
}

/** How long the SDK waits for an answer. Questions to a person end sooner, by MCP_ELICIT_TIMEOUT_MS. */
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
  let minimumLevel = 0;
  server.setRequestHandler(SetLevelRequestSchema, (request) => {
    minimumLevel = LEVELS.indexOf(request.params.level);
    return {};
  });
  server.fallbackRequestHandler = ({ method, params = {} }, extra) => {
    const caller = options.callerOf?.(extra) ?? owner;
    const request: LegacyRequest = {
      id: caller.wire?.id ?? extra.requestId,
      method,
      params,
      caller,
      revision: options.revision ?? caller.wire?.revision,
      signal: extra.signal,
      notify: createNotify(extra),
      questions: createQuestions(server.getClientCapabilities(), extra),
      wantsLevel: (level) => LEVELS.indexOf(level) >= minimumLevel,
    };
    return answerRequest(registry, request, options.onUnexpected);
  };
  return server;
}

/** Ignores failures: a notification to a client that has disconnected is lost, and the call goes on. */
function createNotify({ sendNotification }: LegacyExtra): LegacyRequest["notify"] {
  return (method, params) => {
    sendNotification({ method, params } as ServerNotification).catch(() => undefined);
  };
}

/** The requests that the client accepts, by the capabilities that it declared at initialize. */
function createQuestions(
  declared: ClientCapabilities | undefined,
  { signal, sendRequest }: LegacyExtra,
): Pick<ClientLink, "elicit" | "sample" | "roots"> {
  return {
    ...(declared?.elicitation?.form && {
      elicit: (message, requestedSchema, _key, ended) => {
        // Without `mode`, which clients before 2025-11-25 do not know, it means a form in every revision.
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
