/**
 * CORS, so that a browser's client can use the endpoint from an allowed origin, sessions and resumption included.
 */
import { editionOf } from "../../config/editions.ts";
import type { HttpConfig } from "../../config/http-config.ts";
import cors from "@fastify/cors";
import type { FastifyInstance } from "fastify";

/** What 2025-11-25 and 2026-07-28 put on a request, and this server's own. */
const REQUEST_HEADERS = [
  "Accept",
  "Authorization",
  "Content-Type",
  "Last-Event-ID",
  "MCP-Protocol-Version",
  "Mcp-Method",
  "Mcp-Name",
  "Mcp-Session-Id",
  "X-MCP-Readonly",
  "X-MCP-Toolsets",
];
const ANSWER_HEADERS = ["Mcp-Session-Id", "WWW-Authenticate", "Retry-After"];

/** Callers may send the credentials of the edition that is served. */
export async function allowOrigins(
  app: FastifyInstance,
  allowed: (origin: string) => boolean,
  config: Pick<HttpConfig, "edition">,
): Promise<void> {
  await app.register(cors, {
    origin: (origin, done) => done(null, origin !== undefined && allowed(origin)),
    methods: ["GET", "POST", "DELETE", "OPTIONS"],
    allowedHeaders: [...REQUEST_HEADERS, ...editionOf(config).parts.map(({ header }) => header)],
    exposedHeaders: ANSWER_HEADERS,
    maxAge: 600,
    strictPreflight: false,
  });
}
