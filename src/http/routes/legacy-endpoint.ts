/**
 * What the app needs of the endpoint that serves the legacy revisions: sessions, streams and their stores are its own.
 */
import type { FastifyReply, FastifyRequest } from "fastify";
import type { Caller } from "../../mcp/registry.ts";
import type { PartState } from "../status/readiness.ts";

export interface LegacyEndpoint {
  /** Answers a POST, GET or DELETE of an authenticated caller; the body is parsed. */
  handle(request: FastifyRequest, reply: FastifyReply, caller: Caller): Promise<unknown>;
  /** Ends streams so that their clients resume elsewhere, then frees what is held. */
  close(): Promise<void>;
  /** Numbers for /metrics, by name. */
  stats(): Readonly<Record<string, number>>;
  /** What was found in Redis that is not this server's, counted by what it was. */
  dropped?(): Readonly<Record<string, number>>;
  /** The store of events and sessions; `off` where Redis is not used. */
  health(): PartState | Promise<PartState>;
}
