/**
 * Requests of one connection are answered one after the other: the next is looked at when the answer before has gone
 * out. A client that sends many without reading has one answer waiting for it, not all of them.
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
