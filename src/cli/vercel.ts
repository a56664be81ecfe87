/**
 * The function that Vercel calls with each request, as Node's own request and response. Instances come and go, so there
 * are no sessions in memory: stateless unless Redis keeps them. scripts/vercel.ts deploys it.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import { assembleHttp, type AssembledServer } from "../http/start.ts";
import { loadHttpParts } from "./http-parts.ts";

type Environment = Readonly<Record<string, string | undefined>>;

let assembled: Promise<AssembledServer> | undefined;

/** Made by the first request. A configuration that cannot work is said in the log, and tried again by the next one. */
function server(): Promise<AssembledServer> {
  assembled ??= assemble(process.env).catch((error: unknown) => {
    assembled = undefined;
    throw error;
  });
  return assembled;
}

async function assemble(env: Environment): Promise<AssembledServer> {
  const { parts } = await loadHttpParts({ env: { ...settingsOf(env), ...env }, flags: {} }, false);
  const made = await assembleHttp(parts);
  await made.app.ready();
  return made;
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
    const { app } = await server();
    app.routing(request, response);
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
