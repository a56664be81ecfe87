/** Loads the modern era's handler with its first request, since most servers have clients of one era only. */
import type { FastifyInstance } from "fastify";
import type { Log } from "../../log/log.ts";
import type { ModernHandler } from "../../mcp/modern/modern-http.ts";
import type { RequestStateCodec } from "../../mcp/modern/request-state.ts";
import type { SpentStates } from "../../mcp/modern/spent-states.ts";
import type { Registry } from "../../mcp/registry.ts";

export interface ModernParts {
  readonly registry: Registry;
  readonly log: Log;
  readonly requestState?: RequestStateCodec;
  /** Which states have been used, where instances share that. */
  readonly spentStates?: SpentStates;
}

/** The handler is closed with the app. */
export function loadModern(app: FastifyInstance, parts: ModernParts): () => Promise<ModernHandler> {
  let loading: Promise<ModernHandler> | undefined;
  app.addHook("preClose", async () => {
    // A handler that could not be loaded needs no closing.
    const handler = await loading?.catch(() => undefined);
    await handler?.close();
  });
  return () => (loading ??= load(parts));
}

async function load({ registry, log, requestState, spentStates }: ModernParts): Promise<ModernHandler> {
  const { createModernHandler } = await import("../../mcp/modern/modern-http.ts");
  return createModernHandler(registry, {
    ...(requestState && { requestState }),
    ...(spentStates && { spentStates }),
    onUnexpected: (error, method) =>
      log.write("error", "a request failed", { method, error: String(error), stack: (error as Error).stack }),
  });
}
