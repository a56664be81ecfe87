/**
 * Injects faults of the connection: the answer is late, lost, cut off, or no JSON.
 */
import type { FastifyReply, FastifyRequest } from "fastify";
import { setTimeout as delay } from "node:timers/promises";
import { ApiError, badGatewayPage } from "./api-error.ts";
import type { Fault, FaultKind } from "./faults.ts";

/** Faults that do not affect the connection: they change how the request is processed or what is answered. */
const answerFaults: ReadonlySet<FaultKind> = new Set(["stale", "short", "rewrite", "race"]);

/** Injects a fault. Returns true where the request is answered or abandoned, false where it is to be handled. */
export async function injectFault(fault: Fault, request: FastifyRequest, reply: FastifyReply): Promise<boolean> {
  const { kind, status, delayMs, retryAfter } = fault;
  if (delayMs !== undefined) await delay(delayMs);
  if (retryAfter !== undefined) reply.header("retry-after", String(retryAfter));
  if (kind === "latency" || answerFaults.has(kind)) return false;
  if (kind === "hang" || kind === "reset" || kind === "truncate") {
    reply.hijack();
    if (kind === "truncate")
      reply.raw.writeHead(200, { "content-type": "application/json", "content-length": 1000 }).write('{"data":[{"id":');
    if (kind !== "hang")
      setImmediate(() => (kind === "reset" ? request.raw.socket.resetAndDestroy() : request.raw.socket.destroy()));
    return true;
  }
  if (kind === "empty") await reply.code(status ?? 200).send();
  else if (kind === "html")
    await reply
      .code(status ?? 502)
      .type("text/html")
      .send(badGatewayPage);
  else if (kind === "redirect") await reply.code(302).header("location", "https://redirect.sandbox.example/").send();
  else await reply.code(status ?? 500).send(errorBody(status ?? 500));
  return true;
}

function errorBody(status: number) {
  const known = [400, 401, 402, 403, 404, 409, 429] as const;
  const message = `The sandbox was told to answer ${status}.`;
  return new ApiError(known.find((entry) => entry === status) ?? 500, message).body;
}
