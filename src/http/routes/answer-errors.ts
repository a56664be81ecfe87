/**
 * Answers every error: with a JSON-RPC error under /mcp, elsewhere with plain JSON. Stacks and messages of libraries
 * are never sent. Unexpected errors are logged, and answered with 500.
 */
import { ownMember } from "../../catalog/json.ts";
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Log } from "../../log/log.ts";
import { RPC } from "../../mcp/rpc-error.ts";
import { MCP_PATH } from "../auth/resource.ts";
import { HttpRefusal } from "../auth/refusal.ts";
import { noteReason } from "../observability/refusal-reasons.ts";
import { codeOfStatus, idOf, rpcError } from "./json-rpc.ts";

/** The responses for errors of Fastify itself, by its codes. */
const FASTIFY_ERRORS: Readonly<Record<string, readonly [status: number, message: string, code?: number]>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: [413, "The body is larger than MCP_MAX_REQUEST_SIZE allows."],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: [415, "Content-Type must be application/json in UTF-8."],
  FST_ERR_CTP_EMPTY_TYPE: [415, "Content-Type must be application/json in UTF-8."],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: [400, "The body is not as long as Content-Length says.", RPC.parse],
  FST_ERR_BAD_URL: [400, "The address is not a valid URL."],
  FST_ERR_ASYNC_CONSTRAINT: [400, "The request does not fit any route."],
};

/** Whether a URL is /mcp or below, with any number of leading slashes, which some clients' settings cause. */
export function isMcpPath(url: string): boolean {
  const path = url.replace(/^\/+/, "/");
  return path === MCP_PATH || path.startsWith(`${MCP_PATH}?`) || path.startsWith(`${MCP_PATH}/`);
}

export function answerErrors(app: FastifyInstance, log: Log): void {
  app.setErrorHandler((error: FastifyError, request, reply) => answerError(error, request, reply, log));
  app.setNotFoundHandler((request, reply) => {
    const [path = ""] = request.url.split("?", 1);
    if (path === MCP_PATH) {
      return reply
        .code(405)
        .header("allow", "POST, GET, DELETE, OPTIONS")
        .send(rpcError(RPC.server, `${request.method} is not a method of MCP.`));
    }
    if (isMcpPath(path))
      return reply.code(404).send(rpcError(RPC.server, `There is nothing here. MCP is served at ${MCP_PATH}.`));
    return reply.code(404).send({ error: "There is nothing here." });
  });
}

/** Also Fastify's `frameworkErrors`: it may be called before any hook has run. */
export function answerError(
  error: FastifyError & { rpcCode?: number; headers?: unknown },
  request: FastifyRequest,
  reply: FastifyReply,
  log: Log,
) {
  const [fastifyStatus, fastifyMessage, fastifyCode] = ownMember(FASTIFY_ERRORS, error.code) ?? [];
  const errorStatus = error.statusCode !== undefined && error.statusCode >= 400 ? error.statusCode : 500;
  const status = fastifyStatus ?? errorStatus;
  const hasSafeMessage =
    error instanceof HttpRefusal || error.rpcCode !== undefined || (error.code === undefined && status < 500);
  const safeMessage = hasSafeMessage ? error.message : (PLAIN[status] ?? "The request was refused.");
  const message = fastifyMessage ?? safeMessage;
  if (status >= 500 && !(error instanceof HttpRefusal)) {
    log.write("error", "a request failed", {
      route: request.routeOptions.url,
      error: error.message,
      stack: error.stack,
    });
  }
  if (error instanceof HttpRefusal) {
    reply.headers(error.headers);
    if (error.reason !== undefined) noteReason(request, error.reason);
  }
  const code = fastifyCode ?? error.rpcCode ?? codeOfStatus(status);
  reply.code(status).type("application/json; charset=utf-8");
  return reply.send(isMcpPath(request.url) ? rpcError(code, message, idOf(request.body)) : { error: message });
}

/** Messages by status for errors whose own message must not be sent. */
const PLAIN: Readonly<Record<number, string>> = {
  500: "The server failed to answer; its log has the reason.",
  503: "The server cannot answer now; try again.",
};
