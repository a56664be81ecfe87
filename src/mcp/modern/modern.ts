/**
 * Revision 2026-07-28 with @modelcontextprotocol/server: a server for each request over HTTP (modern-http.ts), one for
 * each connection over stdio. It has no state: what a call needs when it runs again is sealed and sent to the client.
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
  /** Seals `requestState`; default: with a random key of this process. */
  readonly requestState?: RequestStateCodec;
  /** Which states have been used; default: known to this process only. */
  readonly spentStates?: SpentStates;
}

export const CAPABILITIES_KEY = "io.modelcontextprotocol/clientCapabilities";

/** A server for one request, or one connection, of `caller`. */
export function createModernServer(registry: Registry, caller: Caller, options: ModernOptions = {}): Server {
  const serving: ModernServing = { ...options, registry, ...roundParts(options) };
  const server = new Server(
    { ...registry.serverInfo },
    {
      capabilities: { tools: {}, prompts: {}, resources: {}, completions: {}, logging: {} },
      instructions: registry.instructions(caller),
    },
  );
  server.fallbackRequestHandler = async ({ method, params = {} }, context) =>
    answerCall(serving, { method, params, caller, ...callFacts(context, registry.serverInfo.name) }) as Promise<
      Record<string, unknown>
    >;
  return server;
}

/** Serves a stdio connection that began with this revision; `transport` may replay messages that were read already. */
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

/** What rounds need, from the options or else shared by the process, since each HTTP request has its own server. */
export function roundParts({ requestState, spentStates }: ModernOptions): Pick<ModernServing, "codec" | "spent"> {
  ownRounds ??= { codec: createRequestStateCodec(randomBytes(32)), spent: createSpentStates() };
  return { codec: requestState ?? ownRounds.codec, spent: spentStates ?? ownRounds.spent };
}

/** What the SDK knows of a request. */
function callFacts({ mcpReq }: ServerContext, logger: string): Omit<ModernCall, "method" | "params" | "caller"> {
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
