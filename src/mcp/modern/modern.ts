/**
 * The revision 2026-07-28 over @modelcontextprotocol/server: one server per request over HTTP (modern-http.ts), one per
 * connection over stdio. It holds no state: what a call needs when it runs again travels, sealed, through the client.
 */
import { Server, type ServerContext } from "@modelcontextprotocol/server";
import { serveStdio, type ServeStdioOptions, type StdioServerHandle } from "@modelcontextprotocol/server/stdio";
import { randomBytes } from "node:crypto";
import type { Json } from "../../catalog/json.ts";
import { answerCall, type ModernCall, type ModernServing } from "./modern-call.ts";
import { createRequestStateCodec, type RequestStateCodec } from "./request-state.ts";
import type { Caller, Registry } from "../registry.ts";
import { createSpentStates, type SpentStates } from "./spent-states.ts";

export interface ModernOptions extends Pick<ModernServing, "onUnexpected"> {
  /** Seals `requestState`; default: a key of this process alone. */
  readonly requestState?: RequestStateCodec;
  /** Which of its states are spent; default: what this process has seen. */
  readonly spentStates?: SpentStates;
}

export const CAPABILITIES_KEY = "io.modelcontextprotocol/clientCapabilities";

/** A server for one request, or one connection, of `caller`. */
export function createModernServer(registry: Registry, caller: Caller, options: ModernOptions = {}): Server {
  const serving: ModernServing = { ...options, registry, ...roundsOf(options) };
  const server = new Server(
    { ...registry.serverInfo },
    {
      capabilities: { tools: {}, prompts: {}, resources: {}, completions: {}, logging: {} },
      instructions: registry.instructions(caller),
    },
  );
  server.fallbackRequestHandler = async ({ method, params = {} }, context) =>
    answerCall(serving, { method, params, caller, ...incoming(context, registry.serverInfo.name) }) as Promise<
      Record<string, unknown>
    >;
  return server;
}

/** The stdio side, for a connection that opened with this revision; `transport` may replay what was read already. */
export function serveModernStdio(
  registry: Registry,
  caller: Caller,
  options: ModernOptions & Pick<ServeStdioOptions, "transport" | "onerror"> = {},
): StdioServerHandle {
  const { transport, onerror, ...serverOptions } = options;
  return serveStdio(() => createModernServer(registry, caller, serverOptions), {
    legacy: "reject",
    ...(transport && { transport }),
    ...(onerror && { onerror }),
  });
}

let ownRounds: Pick<ModernServing, "codec" | "spent"> | undefined;

/** What rounds need. What the options lack is one for the whole process: each HTTP request has a server of its own. */
export function roundsOf({ requestState, spentStates }: ModernOptions): Pick<ModernServing, "codec" | "spent"> {
  ownRounds ??= { codec: createRequestStateCodec(randomBytes(32)), spent: createSpentStates() };
  return { codec: requestState ?? ownRounds.codec, spent: spentStates ?? ownRounds.spent };
}

function incoming({ mcpReq }: ServerContext, logger: string): Omit<ModernCall, "method" | "params" | "caller"> {
  return {
    id: mcpReq.id,
    meta: mcpReq._meta,
    signal: mcpReq.signal,
    capabilities: ((mcpReq.envelope as Json | undefined)?.[CAPABILITIES_KEY] ?? {}) as ModernCall["capabilities"],
    progressToken: mcpReq._meta?.progressToken,
    state: mcpReq.requestState(),
    responses: mcpReq.inputResponses ?? {},
    report: {
      progress: (params) =>
        void mcpReq.notify({ method: "notifications/progress", params: { ...params } }).catch(() => undefined),
      log: (level, data) =>
        void mcpReq.log(level as Parameters<typeof mcpReq.log>[0], data, logger).catch(() => undefined),
    },
  };
}
