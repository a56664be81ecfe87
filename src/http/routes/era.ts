/**
 * Finds requests that may belong to the modern era, without loading an SDK. It misses none; the modern handler decides
 * about those that only look like it.
 */
import type { FastifyRequest } from "fastify";

const FIRST_MODERN = "2026-07-28";
const CLAIM = "io.modelcontextprotocol/protocolVersion";

/** Whether a request claims revision 2026-07-28 or later, by the header or in `_meta`. */
export function looksModern(request: Pick<FastifyRequest, "method" | "headers" | "body">): boolean {
  if (request.method !== "POST") return false;
  const header = request.headers["mcp-protocol-version"];
  if (typeof header === "string" && header.trim() >= FIRST_MODERN) return true;
  const { body } = request;
  return Array.isArray(body) ? body.some(hasClaim) : hasClaim(body);
}

function hasClaim(message: unknown): boolean {
  const meta = (message as { params?: { _meta?: unknown } | null } | null | undefined)?.params?._meta;
  return typeof meta === "object" && meta !== null && CLAIM in meta;
}
