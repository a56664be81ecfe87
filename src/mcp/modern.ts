/**
 * The revision 2026-07-28 over @modelcontextprotocol/server: one server per request over HTTP (modern-http.ts), one per
 * connection over stdio. It holds no state: what a call needs when it runs again travels, sealed, through the client.
 */
import { Server, type ServerContext } from "@modelcontextprotocol/server";
import { serveStdio, type ServeStdioOptions, type StdioServerHandle } from "@modelcontextprotocol/server/stdio";
import { randomBytes } from "node:crypto";
import { PortkeyMcpError } from "../errors/errors.ts";
import { METHODS } from "./methods.ts";
import { progressOf } from "./progress.ts";
import { createRequestStateCodec, type RequestStateCodec } from "./request-state.ts";
import { Round } from "./rounds.ts";
import type { Caller, ClientLink, ElicitOutcome, Registry } from "./registry.ts";
import { RPC, RpcError, toRpcError } from "./rpc-error.ts";

type Json = Readonly<Record<string, unknown>>;

export interface ModernOptions {
  /** Seals `requestState`; default: a key of this process alone. */
  readonly requestState?: RequestStateCodec;
  /** Errors that are nobody's on purpose; the client gets a plain -32603. */
  readonly unexpected?: (error: unknown, method: string) => void;
}

/** How long a client may keep a list: it follows from settings that change with a restart. Reads follow live data. */
const LIST_TTL_MS = 300_000;
export const CACHE: Readonly<Record<string, Json>> = {
  "tools/list": { ttlMs: LIST_TTL_MS, cacheScope: "private" },
  "prompts/list": { ttlMs: LIST_TTL_MS, cacheScope: "private" },
  "resources/list": { ttlMs: LIST_TTL_MS, cacheScope: "private" },
  "resources/templates/list": { ttlMs: LIST_TTL_MS, cacheScope: "private" },
  "resources/read": { ttlMs: 0, cacheScope: "private" },
};

/** The methods whose answer may be `input_required`. */
const ASKING: ReadonlySet<string> = new Set(["tools/call", "prompts/get", "resources/read"]);

const CAPABILITIES_KEY = "io.modelcontextprotocol/clientCapabilities";

/** A server for one request, or one connection, of `caller`. */
export function createModernServer(registry: Registry, caller: Caller, options: ModernOptions = {}): Server {
  const codec = options.requestState ?? processCodec();
  const server = new Server({ ...registry.serverInfo }, {
    capabilities: { tools: {}, prompts: {}, resources: {}, completions: {}, logging: {} },
    instructions: registry.instructions(caller),
  });
  server.fallbackRequestHandler = async (request, context) => {
    const method = Object.hasOwn(METHODS, request.method) ? METHODS[request.method] : undefined;
    if (method === undefined) throw new RpcError(RPC.methodNotFound, "Method not found");
    const params: Json = request.params ?? {};
    try {
      const round = roundOf(codec, caller, request.method, params, context);
      const link = linkOf(context, registry.serverInfo.name, round);
      const work = async (): Promise<Json> => method({ params, registry, caller, link });
      const result = await (round === undefined ? work() : round.run(work));
      return result["resultType"] === undefined ? { ...result, ...CACHE[request.method] } : result;
    } catch (error) {
      const answer = toRpcError(error, (cause) => options.unexpected?.(cause, request.method));
      if (request.method === "resources/read" && error instanceof PortkeyMcpError) {
        throw new RpcError(answer.code, answer.message, { ...(answer.data as Json), uri: params["uri"] }, { cause: error });
      }
      throw answer;
    }
  };
  return server;
}

/** The stdio side, for a connection that opened with this revision; `transport` may replay what was read already. */
export function serveModernStdio(
  registry: Registry,
  caller: Caller,
  options: ModernOptions & Pick<ServeStdioOptions, "transport" | "onerror"> = {},
): StdioServerHandle {
  const { transport, onerror, ...own } = options;
  return serveStdio(() => createModernServer(registry, caller, own), {
    legacy: "reject",
    ...(transport && { transport }),
    ...(onerror && { onerror }),
  });
}

let ownCodec: RequestStateCodec | undefined;

/** One for the whole process, since each HTTP request has a server of its own. */
export function processCodec(): RequestStateCodec {
  return (ownCodec ??= createRequestStateCodec(randomBytes(32)));
}

/** What a client declared, by capability. */
type Declared = Readonly<Record<string, Json | undefined>>;

function declaredBy(context: ServerContext): Declared {
  return ((context.mcpReq.envelope as Json | undefined)?.[CAPABILITIES_KEY] ?? {}) as Declared;
}

/** The round this request is; undefined where nothing can be asked and nothing was answered. */
function roundOf(codec: RequestStateCodec, caller: Caller, method: string, params: Json, context: ServerContext): Round | undefined {
  const { elicitation, sampling, roots } = declaredBy(context);
  const state = context.mcpReq.requestState();
  if (!ASKING.has(method) || !(elicitation || sampling || roots || state !== undefined)) return undefined;
  const bound: Record<string, unknown> = { ...params };
  delete bound["_meta"];
  return new Round({ codec, principal: caller.binding ?? caller.principal, method, params: bound, state, responses: context.mcpReq.inputResponses ?? {} });
}

function linkOf(context: ServerContext, logger: string, round: Round | undefined): ClientLink {
  const { mcpReq } = context;
  const { elicitation, sampling, roots } = declaredBy(context);
  const token = mcpReq._meta?.progressToken;
  return {
    signal: round === undefined ? mcpReq.signal : AbortSignal.any([mcpReq.signal, round.signal]),
    ...(token !== undefined && {
      progress: progressOf(token, (params) => void mcpReq.notify({ method: "notifications/progress", params }).catch(() => undefined)),
    }),
    // A bare `elicitation: {}` means forms, as it did before there were modes.
    ...(round && elicitation && (elicitation["form"] !== undefined || elicitation["url"] === undefined) && {
      elicit: (message: string, requestedSchema: Json, key?: string) =>
        round.ask({ method: "elicitation/create", params: { mode: "form", message, requestedSchema } }, key) as Promise<ElicitOutcome>,
    }),
    ...(round && sampling && {
      sample: (params: Json) => round.ask({ method: "sampling/createMessage", params }) as Promise<Json>,
    }),
    ...(round && roots && {
      roots: () => round.ask({ method: "roots/list", params: {} }) as Promise<Json>,
    }),
    log: (level, data) => {
      mcpReq.log(level as Parameters<typeof mcpReq.log>[0], data, logger).catch(() => undefined);
    },
  };
}
