/**
 * The function that Vercel calls for each request, with Node's request and response. Instances are started and stopped
 * at any time, so that sessions need Redis, and without it the server is stateless. scripts/vercel.ts deploys it.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import { finished } from "node:stream/promises";
import { PortkeyMcpError } from "../errors/errors.ts";
import { assembleHttp } from "../http/assemble.ts";
import type { AssembledServer } from "../http/server-parts.ts";
import { loadHttpParts } from "./http-parts.ts";

type Environment = Readonly<Record<string, string | undefined>>;

interface Assembled extends Pick<AssembledServer, "app"> {
  /** Sends buffered audit lines and telemetry, within a time limit. */
  flush(): Promise<void>;
}

let assembled: Promise<Assembled> | undefined;

/** Created by the first request. An invalid configuration is logged, and the next request tries again. */
function server(): Promise<Assembled> {
  assembled ??= assemble(process.env).catch((error: unknown) => {
    assembled = undefined;
    throw error;
  });
  return assembled;
}

async function assemble(env: Environment): Promise<Assembled> {
  const { parts, flush } = await loadHttpParts({ env: { ...settingsOf(env), ...env }, flags: {} }, false);
  const { app, metricsApp, flushAudit } = await assembleHttp(parts);
  if (metricsApp !== undefined)
    throw new PortkeyMcpError("CONFIG", "MCP_METRICS_PORT is set, and a function has no ports. Set MCP_METRICS_TOKEN.");
  await app.ready();
  return {
    app,
    async flush() {
      await Promise.all([flushAudit(), flush()]);
    },
  };
}

/** Vercel's interface for work after a response; absent elsewhere. */
interface VercelContext {
  readonly waitUntil?: (work: Promise<unknown>) => void;
}

const CONTEXT = Symbol.for("@vercel/request-context");

/**
 * Keeps the instance running until `work` is done, since Vercel suspends it between requests. It does the same as
 * `waitUntil` of @vercel/functions.
 */
function keepAwake(work: Promise<unknown>): void {
  const { [CONTEXT]: runtime } = globalThis as { [CONTEXT]?: { get?: () => VercelContext | undefined } };
  runtime?.get?.()?.waitUntil?.(work);
}

/**
 * Defaults for settings, from Vercel's own variables. Everybody can reach a function, so authentication is required.
 */
function settingsOf({ VERCEL_PROJECT_PRODUCTION_URL, VERCEL_URL }: Environment): Environment {
  const host = VERCEL_PROJECT_PRODUCTION_URL ?? VERCEL_URL;
  return {
    MCP_HOST: "0.0.0.0",
    MCP_SESSION_MODE: "stateless",
    ...(host !== undefined && { MCP_PUBLIC_BASE_URL: `https://${host}` }),
  };
}

/** Vercel uses the default export. */
export default async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    const { app, flush } = await server();
    // "close" also comes where the client disconnects.
    const flushed = finished(response)
      .catch(() => undefined)
      .then(flush);
    keepAwake(flushed);
    app.routing(request, response);
    await flushed;
  } catch (error) {
    process.stderr.write(`portkey-admin-mcp: ${(error as Error).message}\n`);
    response.writeHead(500, { "content-type": "application/json; charset=utf-8" });
    response.end(
      JSON.stringify({
        jsonrpc: "2.0",
        error: { code: -32603, message: "The server cannot start as it is configured; its log says why." },
        id: null,
      }),
    );
  }
}
