/** Every answer of an app: known until it has gone out, and waited for before the last connections are closed. */
import type { FastifyInstance } from "fastify";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Drain } from "./drain.ts";

export type FollowedAnswers = Pick<Drain, "answers" | "lastAnswers">;

/** To be called after whatever ends streams at the close: hooks run in their order. */
export function followAnswers(app: FastifyInstance, { answers, lastAnswers }: FollowedAnswers): void {
  app.addHook("preClose", lastAnswers);
  // Before Fastify, whose first hook may already refuse a request.
  app.server.prependListener("request", (_request: IncomingMessage, response: ServerResponse) => answers.add(response));
}
