/**
 * The function that Vercel calls with each request, as Node's own request and response. Instances come and go, so there
 * are no sessions in memory: stateless unless Redis keeps them. scripts/vercel.ts deploys it.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import { finished } from "node:stream/promises";
import { PortkeyMcpError } from "../errors/errors.ts";
import { assembleHttp } from "../http/assemble.ts";
import type { AssembledServer } from "../http/server-parts.ts";
import { loadHttpParts } from "./http-parts.ts";

type Environment = Readonly<Record<string, string | undefined>>;

interface Assembled extends Pick<AssembledServer, "app"> {
  /** Sends the audit's lines and telemetry that wait, within bounds. */
  flush(): Promise<void>;
}

let assembled: Promise<Assembled> | undefined;

/** Made by the first request. A configuration that cannot work is said in the log, and tried again by the next one. */
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

/** How Vercel's runtime is told that a function has something to do after its answer; absent elsewhere. */
interface VercelContext {
  readonly waitUntil?: (work: Promise<unknown>) => void;
}

const CONTEXT = Symbol.for("@vercel/request-context");

/**
 * Between requests the instance stands still, so that what waits must go first. These lines are all that `waitUntil` of
 * @vercel/functions does.
 */
function keepAwake(work: Promise<unknown>): void {
  const { [CONTEXT]: runtime } = globalThis as { [CONTEXT]?: { get?: () => VercelContext | undefined } };
  runtime?.get?.()?.waitUntil?.(work);
}

/**
 * What Vercel's own variables say, where nothing else does. Everyone can reach a function, so it must ask who calls.
 */
function settingsOf({ VERCEL_PROJECT_PRODUCTION_URL, VERCEL_URL }: Environment): Environment {
  const host = VERCEL_PROJECT_PRODUCTION_URL ?? VERCEL_URL;
  return {
    MCP_HOST: "0.0.0.0",
    MCP_SESSION_MODE: "stateless",
    ...(host !== undefined && { MCP_PUBLIC_BASE_URL: `https://${host}` }),
  };
}

/** Vercel takes the default export. */
export default async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    const { app, flush } = await server();
    // A client that goes away ends its answer too.
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
