/**
 * 2026-07-28 over HTTP, web-standard in and out. No Host, Origin or token is checked here, and no legacy revision is
 * served: whoever routes a request here has done the one and decided the other.
 */
import { classifyInboundRequest, createMcpHandler, type McpHttpHandler } from "@modelcontextprotocol/server";
import { METHODS } from "./methods.ts";
import { CACHE, createModernServer, processCodec, type ModernOptions } from "./modern.ts";
import type { Caller, Registry } from "./registry.ts";

/** Headers as Node has them, names in lower case. */
export type SentHeaders = Readonly<Record<string, string | string[] | undefined>>;

export interface ModernHandler {
  /** Whether a POST that looks modern is; the rest belongs to the legacy era. */
  serves(headers: SentHeaders, body: unknown): boolean;
  /** The answer's JSON text where the POST is a valid tools/list and nothing else; undefined where `handle` must see it. */
  listTools(headers: SentHeaders, body: unknown, caller: Caller): string | undefined;
  /**
   * Answers one POST. `request.signal` aborts when the client has gone, which cancels the call.
   * `body` is the parsed JSON; `caller` has been authenticated.
   */
  handle(request: Request, body: unknown, caller: Caller): Promise<Response>;
  /** Aborts what still runs. */
  close(): Promise<void>;
}

/** The HTTP side: classifies, checks headers and envelope, and answers as one JSON body, or SSE where the call reports. */
export function createModernHandler(registry: Registry, options: ModernOptions = {}): ModernHandler {
  const codec = options.requestState ?? processCodec();
  const callers = new WeakMap<Request, { readonly caller: Caller; readonly known: boolean }>();
  const handler: McpHttpHandler = createMcpHandler(
    ({ requestInfo }) => {
      const known = requestInfo && callers.get(requestInfo);
      if (known === undefined) throw new Error("A request reached the handler without its caller.");
      const server = createModernServer(registry, known.caller, { ...options, requestState: codec });
      // A method that nobody handles must be answered before dispatch: only then does the SDK make it a 404.
      if (!known.known) delete server.fallbackRequestHandler;
      return server;
    },
    { legacy: "reject" },
  );
  return {
    serves: (headers, body) => classify(headers, body).kind !== "legacy",
    listTools(headers, body, caller) {
      const { method, params, id } = (body ?? {}) as { method?: unknown; params?: Readonly<Record<string, unknown>>; id?: unknown };
      if (method !== "tools/list" || params?.["cursor"] !== undefined) return undefined;
      // The headers the SDK requires beyond its classification; it words the refusal where one is missing.
      if (headers["mcp-method"] !== method || headers["mcp-protocol-version"] !== REVISION) return undefined;
      const outcome = classify(headers, body);
      if (outcome.kind !== "modern" || outcome.messageKind !== "request") return undefined;
      const list = registry.listTools(caller);
      return `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":${list.slice(0, -1)},${listTail(registry)}}}`;
    },
    handle(request, body, caller) {
      const method = (body as { method?: unknown } | null)?.method;
      callers.set(request, { caller, known: typeof method === "string" && Object.hasOwn(METHODS, method) });
      return handler.fetch(request, { parsedBody: body });
    },
    close: () => handler.close(),
  };
}

const REVISION = "2026-07-28";

/** What 2026-07-28 has in a list's result beside the list. */
function listTail(registry: Registry): string {
  const tail = { ...CACHE["tools/list"], resultType: "complete", _meta: { "io.modelcontextprotocol/serverInfo": registry.serverInfo } };
  return JSON.stringify(tail).slice(1, -1);
}

function classify(headers: SentHeaders, body: unknown) {
  const text = (name: string) => (typeof headers[name] === "string" ? headers[name] : undefined);
  const [version, method, name] = [text("mcp-protocol-version"), text("mcp-method"), text("mcp-name")];
  return classifyInboundRequest({
    httpMethod: "POST",
    body,
    ...(version !== undefined && { protocolVersionHeader: version }),
    ...(method !== undefined && { mcpMethodHeader: method }),
    ...(name !== undefined && { mcpNameHeader: name }),
  });
}
