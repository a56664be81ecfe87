/** The endpoint of the legacy revisions, as the app uses it. */
import type { FastifyReply, FastifyRequest } from "fastify";
import type { Caller } from "../../mcp/registry.ts";
import type { PartState } from "../status/readiness.ts";

export interface LegacyEndpoint {
  /** Answers a POST, GET or DELETE of an authenticated caller; the body is parsed. */
  handle(request: FastifyRequest, reply: FastifyReply, caller: Caller): Promise<unknown>;
  /** Ends streams, so that their clients resume on another instance, and frees resources. */
  close(): Promise<void>;
  /** Numbers for /metrics, by name. */
  stats(): Readonly<Record<string, number>>;
  /** How many items in Redis were dropped since this server had not written them, by kind. */
  dropped?(): Readonly<Record<string, number>>;
  /** The store of events and sessions; `off` where Redis is not used. */
  health(): PartState | Promise<PartState>;
}
