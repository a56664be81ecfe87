/**
 * Revision 2026-07-28 over HTTP. It checks no Host, Origin or token, and serves no legacy revision: the code that
 * routes requests here must have authenticated them and chosen the era.
 */
import { createMcpHandler, type McpHttpHandler } from "@modelcontextprotocol/server";
import { escapeEvents } from "../escape-line-ends.ts";
import { METHODS } from "../methods.ts";
import { createModernServer, roundParts, type ModernOptions } from "./modern.ts";
import { answerPlain, classify, type PlainAnswer, type SentHeaders } from "./modern-plain.ts";
import type { Caller, Registry } from "../registry.ts";

export interface ModernHandler {
  /** Whether a POST belongs to this era, and not to the legacy one. */
  serves(headers: SentHeaders, body: unknown): boolean;
  /** Answers a request whose answer is one JSON body; undefined: call `handle` for it. */
  plain(
    headers: SentHeaders,
    body: unknown,
    caller: Caller,
    signal: () => AbortSignal,
  ): PlainAnswer | Promise<PlainAnswer> | undefined;
  /**
   * Answers a POST with a JSON body, or with an event stream where the call reports progress.
   * `body` is the parsed JSON. `request.signal` must abort when the client disconnects, which cancels the call.
   */
  handle(request: Request, body: unknown, caller: Caller): Promise<Response>;
  /** Aborts the requests that `handle` still runs. */
  close(): Promise<void>;
}

export function createModernHandler(registry: Registry, options: ModernOptions = {}): ModernHandler {
  const rounds = roundParts(options);
  const serving = { ...options, registry, ...rounds };
  const callers = new WeakMap<Request, { readonly caller: Caller; readonly isKnownMethod: boolean }>();
  const handler: McpHttpHandler = createMcpHandler(
    ({ requestInfo }) => {
      const entry = requestInfo && callers.get(requestInfo);
      if (entry === undefined) throw new Error("A request reached the handler without its caller.");
      const server = createModernServer(registry, entry.caller, {
        ...options,
        requestState: rounds.codec,
        spentStates: rounds.spent,
      });
      // Without a handler, the SDK refuses an unknown method before dispatch, with the required status 404.
      if (!entry.isKnownMethod) delete server.fallbackRequestHandler;
      return server;
    },
    { legacy: "reject" },
  );
  return {
    serves: (headers, body) => classify(headers, body).kind !== "legacy",
    plain: (headers, body, caller, signal) => answerPlain(serving, { headers, body }, caller, signal),
    async handle(request, body, caller) {
      const method = (body as { method?: unknown } | null)?.method;
      callers.set(request, { caller, isKnownMethod: typeof method === "string" && Object.hasOwn(METHODS, method) });
      return escapeEvents(await handler.fetch(request, { parsedBody: body }));
    },
    close: () => handler.close(),
  };
}
