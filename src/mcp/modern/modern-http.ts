/**
 * 2026-07-28 over HTTP. No Host, Origin or token is checked here, and no legacy revision is served: whoever routes a
 * request here has done the one and decided the other.
 */
import { createMcpHandler, type McpHttpHandler } from "@modelcontextprotocol/server";
import { escapeEvents } from "../escape-line-ends.ts";
import { METHODS } from "../methods.ts";
import { createModernServer, roundsOf, type ModernOptions } from "./modern.ts";
import { answerPlain, classify, type PlainAnswer, type SentHeaders } from "./modern-plain.ts";
import type { Caller, Registry } from "../registry.ts";

export interface ModernHandler {
  /** Whether a POST that looks modern is; the rest belongs to the legacy era. */
  serves(headers: SentHeaders, body: unknown): boolean;
  /** The answer to a request whose whole answer is one JSON body; undefined where `handle` must see it. */
  plain(
    headers: SentHeaders,
    body: unknown,
    caller: Caller,
    signal: () => AbortSignal,
  ): PlainAnswer | Promise<PlainAnswer> | undefined;
  /**
   * Answers one POST, as one JSON body, or as SSE where the call reports. `request.signal` aborts when the client has
   * gone, which cancels the call. `body` is the parsed JSON; `caller` has been authenticated.
   */
  handle(request: Request, body: unknown, caller: Caller): Promise<Response>;
  /** Aborts what `handle` still runs. */
  close(): Promise<void>;
}

export function createModernHandler(registry: Registry, options: ModernOptions = {}): ModernHandler {
  const rounds = roundsOf(options);
  const serving = { ...options, registry, ...rounds };
  const callers = new WeakMap<Request, { readonly caller: Caller; readonly known: boolean }>();
  const handler: McpHttpHandler = createMcpHandler(
    ({ requestInfo }) => {
      const known = requestInfo && callers.get(requestInfo);
      if (known === undefined) throw new Error("A request reached the handler without its caller.");
      const server = createModernServer(registry, known.caller, {
        ...options,
        requestState: rounds.codec,
        spentStates: rounds.spent,
      });
      // A method without a handler must be answered before dispatch: only then does the SDK make it a 404.
      if (!known.known) delete server.fallbackRequestHandler;
      return server;
    },
    { legacy: "reject" },
  );
  return {
    serves: (headers, body) => classify(headers, body).kind !== "legacy",
    plain: (headers, body, caller, signal) => answerPlain(serving, { headers, body }, caller, signal),
    async handle(request, body, caller) {
      const method = (body as { method?: unknown } | null)?.method;
      callers.set(request, { caller, known: typeof method === "string" && Object.hasOwn(METHODS, method) });
      return escapeEvents(await handler.fetch(request, { parsedBody: body }));
    },
    close: () => handler.close(),
  };
}
