/** Starts the HTTP server. */
import type { FastifyInstance } from "fastify";
import type { AddressInfo } from "node:net";
import type { HttpConfig } from "../config/http-config.ts";
import { metricsAddress } from "../config/http/metrics.ts";
import { assembleHttp } from "./assemble.ts";
import { toListenError } from "./listen-error.ts";
import type { HttpServer, HttpServerParts } from "./server-parts.ts";

/** Assembles the server and listens. Throws CONFIG like `assembleHttp`, and where it cannot listen at the address. */
export async function startHttp(parts: HttpServerParts): Promise<HttpServer> {
  const { http, log } = parts;
  const server = await assembleHttp(parts);
  try {
    const url = await listen(server.app, http, "MCP_HOST and MCP_PORT");
    const metricsUrl = await listenForMetrics(server.metricsApp, http);
    log.write("info", "listening", { url, ...(metricsUrl !== undefined && { metrics: metricsUrl }) });
    return { ...server, url, metricsUrl };
  } catch (error) {
    server.hurry();
    await server.stop();
    throw error;
  }
}

/** Resolves with the URL. Throws CONFIG that names the settings of the address where it cannot listen there. */
async function listen(app: FastifyInstance, http: HttpConfig, names: string): Promise<string> {
  const { host, port } = http;
  await app.listen({ host, port }).catch((error: unknown) => {
    throw toListenError(error, names, http);
  });
  return addressOf(app, http);
}

async function listenForMetrics(app: FastifyInstance | undefined, http: HttpConfig): Promise<string | undefined> {
  const address = metricsAddress(http);
  if (app === undefined || address === undefined) return undefined;
  return listen(app, { ...http, ...address }, "MCP_METRICS_HOST and MCP_METRICS_PORT");
}

function addressOf(app: FastifyInstance, { tls }: HttpConfig): string {
  const { address, port, family } = app.server.address() as AddressInfo;
  return `${tls === null ? "http" : "https"}://${family === "IPv6" ? `[${address}]` : address}:${port}`;
}
