/** Of an instance that is going no connection is kept: whoever sends the next message takes another instance. */
import type { FastifyInstance } from "fastify";
import type { Drain } from "./drain.ts";

export function leaveConnections(app: FastifyInstance, { draining, late }: Pick<Drain, "draining" | "late">): void {
  app.addHook("onRequest", ({ raw: { socket } }, { raw: response }, done) => {
    if (draining()) {
      response.shouldKeepAlive = false;
      late.add(response);
      response.once("close", () => late.delete(response));
    } else {
      response.once("finish", () => {
        if (draining()) socket.end();
      });
    }
    done();
  });
}
