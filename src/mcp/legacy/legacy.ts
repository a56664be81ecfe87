/**
 * The legacy revisions (2024-11-05 to 2025-11-25) over @modelcontextprotocol/sdk's low-level Server: one for clients
 * that declared the same over HTTP, one per process over stdio. It holds no state but what the client declared and its
 * log level. No transport, no sessions, no authentication: whoever connects it decides who the caller is.
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
  /**
   * Who makes this request, where one server serves several requests of one principal; default: the server's caller.
   */
  readonly callerOf?: (extra: LegacyExtra) => Caller | undefined;
  readonly onUnexpected?: OnUnexpected;
  /** The revision that was agreed on, for whoever watches; default: what the caller's wire says. */
  readonly revision?: string | undefined;
}

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
  server.fallbackRequestHandler = ({ method, params = {} }, extra) => {
    const caller = options.callerOf?.(extra) ?? owner;
    const request: LegacyRequest = {
      id: caller.wire?.id ?? extra.requestId,
      method,
      params,
      caller,
      revision: options.revision ?? caller.wire?.revision,
      signal: extra.signal,
      notify: notifierOf(extra),
      questions: questionsOf(server.getClientCapabilities(), extra),
      wantsLevel: (level) => LEVELS.indexOf(level) >= leastSevere,
    };
    return answerRequest(registry, request, options.onUnexpected);
  };
  return server;
}

/** A notification to a client that has gone is lost on purpose: the call's own end says what happened. */
function notifierOf({ sendNotification }: LegacyExtra): LegacyRequest["notify"] {
  return (method, params) => {
    sendNotification({ method, params } as ServerNotification).catch(() => undefined);
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
