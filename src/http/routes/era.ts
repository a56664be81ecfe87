/**
 * Which era a request belongs to, as far as that can be told without loading either SDK. It never overlooks the modern
 * era; the modern handler decides about what only looks like it.
 */
import type { FastifyRequest } from "fastify";

const FIRST_MODERN = "2026-07-28";
const CLAIM = "io.modelcontextprotocol/protocolVersion";

/** Whether a request carries a mark of 2026-07-28 or later: the header, or the claim in `_meta`. */
export function looksModern(request: Pick<FastifyRequest, "method" | "headers" | "body">): boolean {
  if (request.method !== "POST") return false;
  const header = request.headers["mcp-protocol-version"];
  if (typeof header === "string" && header.trim() >= FIRST_MODERN) return true;
  const { body } = request;
  return Array.isArray(body) ? body.some(claims) : claims(body);
}

function claims(message: unknown): boolean {
  const meta = (message as { params?: { _meta?: unknown } | null } | null | undefined)?.params?._meta;
  return typeof meta === "object" && meta !== null && CLAIM in meta;
}
