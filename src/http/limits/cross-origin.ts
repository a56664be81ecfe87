/** CORS: lets clients in browsers use the endpoint from allowed origins, with sessions and resumption. */
import { editionOf } from "../../config/editions.ts";
import type { HttpConfig } from "../../config/http-config.ts";
import cors from "@fastify/cors";
import type { FastifyInstance } from "fastify";

/** The request headers of revisions 2025-11-25 and 2026-07-28, and this server's own. */
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

/** Also allows the credential headers of the served edition. */
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
