/** Keeps track of an app's responses, and waits for them before the app closes its connections. */
import type { FastifyInstance } from "fastify";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Drain } from "./drain.ts";

export type FollowedAnswers = Pick<Drain, "answers" | "lastAnswers">;

/** Call it after all hooks that end streams at the close: hooks run in the order in which they were added. */
export function followAnswers(app: FastifyInstance, { answers, lastAnswers }: FollowedAnswers): void {
  app.addHook("preClose", lastAnswers);
  // Before Fastify's listener, whose first hook may refuse a request.
  app.server.prependListener("request", (_request: IncomingMessage, response: ServerResponse) => answers.add(response));
}
