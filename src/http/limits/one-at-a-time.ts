/**
 * Handles the requests of one connection one after the other: the next begins when the previous response has been sent.
 * So a client that pipelines many requests and does not read has one response in memory, not all of them.
 */
import type { FastifyInstance } from "fastify";
import type { ServerResponse } from "node:http";
import type { Socket } from "node:net";

export function answerOneAtATime(app: FastifyInstance): void {
  const latest = new WeakMap<Socket, ServerResponse>();
  app.addHook("onRequest", (request, reply, done) => {
    const { socket } = request.raw;
    const before = latest.get(socket);
    latest.set(socket, reply.raw);
    if (before === undefined || before.closed) done();
    else before.once("close", () => done());
  });
}
