/**
 * CORS, so that a browser's client can use the endpoint from an allowed origin, sessions and resumption included.
 */
import { CREDENTIAL_HEADERS } from "../../config/editions.ts";
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
  ...CREDENTIAL_HEADERS,
];
const ANSWER_HEADERS = ["Mcp-Session-Id", "WWW-Authenticate", "Retry-After"];

export async function allowOrigins(app: FastifyInstance, allowed: (origin: string) => boolean): Promise<void> {
  await app.register(cors, {
    origin: (origin, done) => done(null, origin !== undefined && allowed(origin)),
    methods: ["GET", "POST", "DELETE", "OPTIONS"],
    allowedHeaders: REQUEST_HEADERS,
    exposedHeaders: ANSWER_HEADERS,
    maxAge: 600,
    strictPreflight: false,
  });
}
